// Where an interpreter's own code and installed packages are: the directories that its site module
// and Debian's know, below each of its prefixes. (sys.path itself may not be complete yet.)
//
// THREAD: any.
#ifndef LINEPROF_PYRUNTIME_LIBRARY_DIRECTORIES_H_
#define LINEPROF_PYRUNTIME_LIBRARY_DIRECTORIES_H_

#include <cstdint>
#include <string>

namespace lineprof {

// What the interpreter says of itself: module sys's, empty where unknown.
struct InstallationFacts {
  std::string prefix;
  std::string base_prefix;
  std::string exec_prefix;
  std::string executable;
  std::string home;  // of the user: $HOME
};

// The directories, each with a NUL behind it. `hex_version`: major << 16 | minor << 8 | micro.
std::string LibraryDirectories(const InstallationFacts& facts, uint32_t hex_version);

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_LIBRARY_DIRECTORIES_H_
