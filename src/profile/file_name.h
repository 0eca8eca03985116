// What a code object's co_filename stands for: the file on disk, and the name that a report shows.
//
// Everything here is about names as text: no file is looked at, no symbolic link followed. Paths
// are normalised as text too (`a/./b`, `a//b` and `c/../a/b` are one file), so that a program that
// puts `dirname(__file__) + "/.."` on sys.path does not show up twice. THREAD: any.
#ifndef LINEPROF_PROFILE_FILE_NAME_H_
#define LINEPROF_PROFILE_FILE_NAME_H_

#include <string>
#include <string_view>
#include <vector>

namespace lineprof {

// The absolute, normalised path of `filename`; a relative one is taken from `working_directory`.
// Empty if the name is no path: `<string>`, `<frozen os>`, the empty name, or a relative one when
// the working directory is not known.
std::string SourcePath(std::string_view filename, std::string_view working_directory);

// The name to show: `path` relative to `current_directory` if it lies under it, else `path`;
// without a path, the name as compiled (`<unnamed>` for the empty one). Well-formed UTF-8: a byte
// of a name that is no text is written \xNN.
std::string ShownName(std::string_view filename, const std::string& path,
                      std::string_view current_directory);

// Whether `path` lies in or below `directory`, by whole components: /a/libs is not under /a/lib.
bool LiesUnder(std::string_view path, std::string_view directory);

// Whether --exclude-syspath means the file: frozen into the interpreter, or under one of
// `library_directories` (Recording::library_directories: the interpreter's standard library and its
// site-packages and dist-packages directories; what is no absolute path below the root is ignored).
bool IsLibraryFile(std::string_view filename, const std::string& path,
                   const std::vector<std::string>& library_directories);

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_FILE_NAME_H_
