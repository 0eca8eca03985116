// The stacks of all threads of a running process at one moment, for reading by people and programs.
//
// Taken once, from outside, without stopping the process. A thread that runs may move on while it
// is looked at: its stack is read again until it is one moment's, and left out if that never was;
// its variables are read after that and may be newer. THREAD: any, one at a time for a target.
#ifndef LINEPROF_ATTACH_STACK_DUMP_H_
#define LINEPROF_ATTACH_STACK_DUMP_H_

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "attach/target.h"

namespace lineprof {

struct DumpedFrame {
  std::string file;
  std::string function;  // qualified where the version has such names
  uint32_t line = 0;
  std::vector<std::pair<std::string, std::string>> locals;  // name, repr; only if asked for
};

struct DumpedThread {
  pid_t tid = 0;
  std::string name;  // the kernel's
  bool is_running = false;
  bool has_gil = false;
  bool is_readable = true;          // false: it moved while it was read, each time
  bool is_truncated = false;        // frames between the outermost and the innermost are left out
  std::vector<DumpedFrame> frames;  // outermost first
};

struct StackDump {
  pid_t pid = 0;
  std::string python_version;
  std::vector<DumpedThread> threads;
};

// Fails with one line if the process has ended.
Result<StackDump> DumpStacks(const Target& target, bool with_locals);

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_STACK_DUMP_H_
