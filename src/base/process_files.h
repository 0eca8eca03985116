// What the kernel tells of another process in /proc: reading and taking apart its small files.
//
// Every process may go away at any moment: what cannot be read is empty, no error. Knows nothing
// of Python. THREAD: any.
#ifndef LINEPROF_BASE_PROCESS_FILES_H_
#define LINEPROF_BASE_PROCESS_FILES_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lineprof {

// The path of /proc/<pid>/<name>.
std::string ProcPath(pid_t pid, std::string_view name);

// The contents of /proc/<pid>/<name>; empty if it cannot be read.
std::string ReadProcText(pid_t pid, std::string_view name);

// The words of the process's command line; none if it cannot be read.
std::vector<std::string> ReadCommandLine(pid_t pid);

// The first fields of `stat` (proc(5)).
struct ProcessStat {
  std::string name;  // the kernel's, of 15 bytes at most
  char state = '?';  // R: runs or could; S, D: waits; T: stopped; Z, X: has ended
  pid_t parent = 0;
};
std::optional<ProcessStat> ParseStat(std::string_view text);

// The numbers of a line of `status` that begins with `name` and a colon; empty if there is none.
std::vector<int64_t> StatusNumbers(std::string_view status, std::string_view name);

// The ids of the process's threads.
std::vector<pid_t> ListTasks(pid_t pid);

// The id that thread `tid` has in its own pid namespace; 0 if it is gone.
pid_t InnerTaskId(pid_t pid, pid_t tid);

// The children of `roots`, their children, and so on; not `roots` themselves.
std::set<pid_t> ListDescendants(const std::set<pid_t>& roots);

// A mapping of a file, or of no file, in a process's memory.
struct Mapping {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t file_offset = 0;
  bool is_readable = false;
  std::string path;  // empty: of no file
};

// The mappings that `maps` lists; lines that are none are left out.
std::vector<Mapping> ParseMaps(std::string_view maps);

}  // namespace lineprof

#endif  // LINEPROF_BASE_PROCESS_FILES_H_
