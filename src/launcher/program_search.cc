#include "launcher/program_search.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace lineprof {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string_view Basename(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool LooksLikePython(std::string_view program) {
  const std::string_view name = Basename(program);
  return name.starts_with("python") || name.starts_with("pypy");
}

std::string_view Trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The program that `env ARGUMENT` runs: the first word that is neither an option nor an assignment.
std::string_view ProgramOfEnv(std::string_view argument) {
  while (true) {
    argument = Trim(argument);
    if (argument.empty()) return {};
    if (argument.starts_with("-S")) {  // the rest is split into words; it may stick to the option
      argument.remove_prefix(2);
      continue;
    }
    const std::string_view word = argument.substr(0, argument.find_first_of(kBlanks));
    const bool is_program = !word.starts_with('-') && word.find('=') == std::string_view::npos;
    if (is_program) return word;
    argument.remove_prefix(word.size());
  }
}

}  // namespace

bool IsExecutableFile(const std::string& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) && access(path.c_str(), X_OK) == 0;
}

std::optional<std::string> FindProgram(const std::string& name, std::string_view search_path) {
  if (name.empty()) return std::nullopt;
  if (name.find('/') != std::string::npos) {
    return IsExecutableFile(name) ? std::optional(name) : std::nullopt;
  }
  while (true) {
    const size_t colon = search_path.find(':');
    const std::string_view directory = search_path.substr(0, colon);
    std::string candidate(directory.empty() ? "." : directory);  // as POSIX says
    candidate += '/';
    candidate += name;
    if (IsExecutableFile(candidate)) return candidate;
    if (colon == std::string_view::npos) return std::nullopt;
    search_path.remove_prefix(colon + 1);
  }
}

std::string SearchPath() {
  const char* path = getenv("PATH");
  return path != nullptr ? path : "/bin:/usr/bin";
}

std::vector<std::string> ParseShebang(std::string_view head) {
  if (!head.starts_with("#!")) return {};
  const std::string_view line = Trim(head.substr(2, head.find('\n') - 2));
  if (line.empty()) return {};
  const size_t blank = line.find_first_of(kBlanks);
  std::vector<std::string> words = {std::string(line.substr(0, blank))};
  if (blank != std::string_view::npos) words.emplace_back(Trim(line.substr(blank)));
  return words;
}

bool IsPythonShebang(const std::vector<std::string>& shebang) {
  if (shebang.empty()) return false;
  if (LooksLikePython(shebang[0])) return true;
  return shebang.size() > 1 && Basename(shebang[0]) == "env" &&
         LooksLikePython(ProgramOfEnv(shebang[1]));
}

}  // namespace lineprof
