// Which threads of running processes have a GIL at this moment, told from outside.
//
// For views that look now and then: what must be found out of a process is kept for the next look.
// Where it cannot be read (no permission, no Python, another program meanwhile) nobody has it.
// THREAD: one.
#ifndef LINEPROF_ATTACH_GIL_HOLDERS_H_
#define LINEPROF_ATTACH_GIL_HOLDERS_H_

#include <sys/types.h>

#include <map>
#include <memory>
#include <set>
#include <utility>

#include "attach/python_threads.h"
#include "attach/target.h"

namespace lineprof {

class GilHolders {
 public:
  // The kernel's ids of those threads.
  std::set<pid_t> Of(pid_t pid);

 private:
  struct Process {
    explicit Process(Target found) : target(std::move(found)), threads(target) {}
    const Target target;
    PythonThreads threads;
  };

  // A process may only be about to execute Python; another one never will.
  static constexpr int kTries = 5;

  std::map<pid_t, std::unique_ptr<Process>> processes_;
  std::map<pid_t, int> failures_;
};

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_GIL_HOLDERS_H_
