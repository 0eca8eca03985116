#include "launcher/program.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/file.h"
#include "launcher/interpreter.h"
#include "launcher/program_search.h"

namespace lineprof {
namespace {

constexpr size_t kShebangBytes = 256;  // what the kernel looks at (BINPRM_BUF_SIZE)

// `before`, then all of `words`.
std::vector<std::string> Join(std::vector<std::string> before,
                              const std::vector<std::string>& words) {
  before.insert(before.end(), words.begin(), words.end());
  return before;
}

Result<Program> WithInterpreter(const ProgramRequest& request,
                                const std::vector<std::string>& words) {
  Result<Interpreter> interpreter = FindInterpreter(request.python);
  if (!interpreter.ok()) return Error{interpreter.error()};
  const std::string& path = interpreter.value().path;
  return Program{path, Join({path}, words), interpreter.value().warning};
}

// Why Python could not run the existing file or directory `script`; empty if it could.
std::string WhyNotAScript(const std::string& script, mode_t mode) {
  if (S_ISDIR(mode)) {
    const std::string main = script + "/__main__.py";
    if (access(main.c_str(), F_OK) == 0) return "";
    return script + " is a directory without __main__.py";
  }
  if (access(script.c_str(), R_OK) == 0) return "";
  return "cannot read " + script + ": " + ErrnoText(errno);
}

// A console script on PATH: run as the kernel would, by the interpreter of its `#!` line.
Result<Program> ResolveConsoleScript(const ProgramRequest& request) {
  const std::string& name = request.words[0];
  const std::optional<std::string> path = FindProgram(name, SearchPath());
  if (!path) return Error{"cannot open script '" + name + "': " + ErrnoText(ENOENT)};
  const Result<std::string> head = ReadFile(*path, kShebangBytes);
  if (!head.ok()) return Error{head.error()};
  const std::vector<std::string> shebang = ParseShebang(head.value());
  if (!IsPythonShebang(shebang)) {
    return Error{"'" + name + "' is " + *path +
                 ", no Python script; to profile the Python that it" + " starts, say -- " + name};
  }
  std::vector<std::string> words = request.words;
  words[0] = *path;
  if (request.python) return WithInterpreter(request, words);
  const std::optional<std::string> interpreter = FindProgram(shebang[0], "");
  if (!interpreter) return Error{*path + ": its interpreter " + shebang[0] + " is missing"};
  return Program{*interpreter, Join(shebang, words), ""};
}

Result<Program> ResolveScript(const ProgramRequest& request) {
  const std::string& script = request.words[0];
  struct stat info {};
  if (script == "-") return WithInterpreter(request, request.words);  // from standard input
  if (stat(script.c_str(), &info) == 0) {
    const std::string problem = WhyNotAScript(script, info.st_mode);
    if (!problem.empty()) return Error{problem};
    return WithInterpreter(request, request.words);
  }
  const int error = errno;
  const bool may_be_a_command = error == ENOENT && script.find('/') == std::string::npos;
  if (may_be_a_command) return ResolveConsoleScript(request);
  return Error{"cannot open script '" + script + "': " + ErrnoText(error)};
}

Result<Program> ResolveCommand(const ProgramRequest& request) {
  const std::string& name = request.words[0];
  const std::optional<std::string> path = FindProgram(name, SearchPath());
  if (path) return Program{*path, request.words, ""};
  struct stat info {};
  if (name.find('/') == std::string::npos) return Error{name + ": command not found"};
  if (stat(name.c_str(), &info) != 0) return Error{name + ": " + ErrnoText(errno)};
  return Error{name + (S_ISDIR(info.st_mode) ? " is a directory" : ": " + ErrnoText(EACCES))};
}

}  // namespace

Result<Program> ResolveProgram(const ProgramRequest& request) {
  switch (request.kind) {
    case ProgramKind::kScript:
      return ResolveScript(request);
    case ProgramKind::kModule:
      return WithInterpreter(request, Join({"-m"}, request.words));
    case ProgramKind::kCode:
      return WithInterpreter(request, Join({"-c"}, request.words));
    case ProgramKind::kCommand:
      return ResolveCommand(request);
  }
  return Error{"no such kind of program"};
}

}  // namespace lineprof
