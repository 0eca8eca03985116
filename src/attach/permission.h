// Why the kernel does not let lineprof read another process's memory, in words that help.
//
// ptrace(2), "Ptrace access mode checking"; Yama: Documentation/admin-guide/LSM/Yama.rst of the
// kernel. THREAD: any.
#ifndef LINEPROF_ATTACH_PERMISSION_H_
#define LINEPROF_ATTACH_PERMISSION_H_

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace lineprof {

// What the answer depends on.
struct AccessFacts {
  pid_t pid = 0;
  uid_t own_user = 0;
  uid_t target_user = 0;
  bool has_capability = false;  // CAP_SYS_PTRACE, of lineprof
  int yama_scope = 0;           // kernel.yama.ptrace_scope; 0 too where there is no Yama
};

// One line: what is missing, and what to run.
std::string ExplainRefusal(const AccessFacts& facts);

// What holds for this process and `pid` now.
AccessFacts ReadAccessFacts(pid_t pid);

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_PERMISSION_H_
