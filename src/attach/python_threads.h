// The threads of a running interpreter: its thread states, and which of the kernel's threads each
// belongs to.
//
// The way: `_PyRuntime` -> interpreters -> PyThreadStates -> `thread_id`, which is pthread_self()
// (PyThread_get_thread_ident()), in glibc the address of the thread's `struct pthread`; that holds
// the kernel's id. (native_thread_id, which 3.11 and newer have, is the parent's after a fork in
// some of them.) The lists may change while they are read: every link is checked and every list
// bounded. THREAD: one.
#ifndef LINEPROF_ATTACH_PYTHON_THREADS_H_
#define LINEPROF_ATTACH_PYTHON_THREADS_H_

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <vector>

#include "attach/target.h"

namespace lineprof {

struct PythonThread {
  pid_t tid = 0;  // as lineprof's pid namespace has it
  // Its thread states, of the newest interpreter first; the first one that has frames is the one
  // that runs. More than one with subinterpreters.
  std::vector<uint64_t> states;
  bool operator==(const PythonThread&) const = default;
};

class PythonThreads {
 public:
  explicit PythonThreads(const Target& target) : target_(target) {}

  // Whether a thread may have come since the last List, by the heads of the lists: a cheap look.
  bool MayHaveNew();

  // All threads, in the order of their ids. Empty if nothing can be read.
  std::vector<PythonThread> List();

  // The thread state that has the GIL of the interpreter of `state`; 0 if none has.
  uint64_t GilHolder(uint64_t state) const;

 private:
  static constexpr int kMaxInterpreters = 256;
  static constexpr int kMaxThreads = 16384;

  uint64_t ReadHead(uint64_t* first_interpreter) const;
  void ListInterpreter(uint64_t interpreter, std::map<pid_t, PythonThread>* threads);
  // The kernel's id of the thread at `pthread`; 0 if there is no such thread.
  pid_t TaskId(uint64_t pthread);
  void RefreshTasks();

  const Target& target_;
  uint64_t last_head_ = 0;
  uint64_t last_interpreter_ = 0;
  std::map<pid_t, pid_t> tasks_;  // id in the process's own namespace -> id in ours
};

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_PYTHON_THREADS_H_
