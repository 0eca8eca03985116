#include "profile/file_name.h"

#include <algorithm>

#include "base/utf8.h"

namespace lineprof {
namespace {

constexpr std::string_view kFrozenPrefix = "<frozen ";

// REQUIRES: `path` is absolute.
std::string Normalized(std::string_view path) {
  std::string out;
  for (size_t begin = 0; begin < path.size();) {
    size_t end = std::min(path.find('/', begin), path.size());
    std::string_view component = path.substr(begin, end - begin);
    if (component == "..") {
      out.erase(out.empty() ? 0 : out.rfind('/'));
    } else if (!component.empty() && component != ".") {
      out += '/';
      out += component;
    }
    begin = end + 1;
  }
  return out.empty() ? "/" : out;
}

bool IsAbsolute(std::string_view path) { return !path.empty() && path.front() == '/'; }

// As the interpreter and the standard library name code that comes from no file.
bool IsPseudoName(std::string_view filename) {
  return filename.empty() || (filename.front() == '<' && filename.back() == '>');
}

}  // namespace

std::string SourcePath(std::string_view filename, std::string_view working_directory) {
  if (IsPseudoName(filename)) return "";
  if (IsAbsolute(filename)) return Normalized(filename);
  if (!IsAbsolute(working_directory)) return "";
  return Normalized(std::string(working_directory) + '/' + std::string(filename));
}

std::string ShownName(std::string_view filename, const std::string& path,
                      std::string_view current_directory) {
  if (path.empty()) return filename.empty() ? "<unnamed>" : EscapeInvalidUtf8(filename);
  std::string_view shown = path;
  if (IsAbsolute(current_directory)) {
    std::string directory = Normalized(current_directory);
    if (path != directory && LiesUnder(path, directory)) {
      shown.remove_prefix(directory == "/" ? 1 : directory.size() + 1);
    }
  }
  return EscapeInvalidUtf8(shown);
}

bool LiesUnder(std::string_view path, std::string_view directory) {
  if (directory.empty() || path.substr(0, directory.size()) != directory) return false;
  return path.size() == directory.size() || directory.back() == '/' ||
         path[directory.size()] == '/';
}

bool IsLibraryFile(std::string_view filename, const std::string& path,
                   const std::vector<std::string>& library_directories) {
  if (path.empty()) return filename.substr(0, kFrozenPrefix.size()) == kFrozenPrefix;
  return std::any_of(library_directories.begin(), library_directories.end(),
                     [&path](const std::string& directory) {
                       if (!IsAbsolute(directory)) return false;
                       std::string normalized = Normalized(directory);
                       return normalized != "/" && LiesUnder(path, normalized);
                     });
}

}  // namespace lineprof
