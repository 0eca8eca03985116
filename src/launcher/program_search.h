// Finding programs as a shell does, and reading their `#!` lines as the kernel does.
//
// Knows nothing of Python beyond the look of an interpreter's name. THREAD: any, while nobody
// changes the environment.
#ifndef LINEPROF_LAUNCHER_PROGRAM_SEARCH_H_
#define LINEPROF_LAUNCHER_PROGRAM_SEARCH_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lineprof {

// Whether `path` is a regular file that this process may execute.
bool IsExecutableFile(const std::string& path);

// Where execvp would find `name`: itself if it holds a slash, else the first executable file of
// that name in the directories of `search_path` (PATH's value). Nothing if there is none.
std::optional<std::string> FindProgram(const std::string& name, std::string_view search_path);

// PATH, or the system's default where it is unset.
std::string SearchPath();

// The words that the kernel puts before a script's own path: the interpreter and at most one
// argument. Empty if `head` (the first bytes of the file) has no `#!` line.
std::vector<std::string> ParseShebang(std::string_view head);

// Whether a `#!` line runs Python: `/usr/bin/python3.11`, `/usr/bin/env -S python3 -u`.
bool IsPythonShebang(const std::vector<std::string>& shebang);

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_PROGRAM_SEARCH_H_
