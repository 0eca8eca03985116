// The profiled program as a child process: start it, wait with it, end like it.
//
// The child has the signal dispositions and mask that lineprof itself was given, and stays in its
// process group: the terminal's Ctrl-C and Ctrl-Z reach both. What a process (not the terminal)
// sends to lineprof is passed on. At most one at a time: it owns the process's signal mask
// meanwhile. THREAD: main, before there are others.
#ifndef LINEPROF_LAUNCHER_CHILD_PROCESS_H_
#define LINEPROF_LAUNCHER_CHILD_PROCESS_H_

#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "launcher/program.h"
#include "lineprof/result.h"

namespace lineprof {

// How a process ended.
struct ProcessEnd {
  bool by_signal = false;
  int value = 0;  // the signal's number, else the exit status
};

class ChildProcess {
 public:
  // Executes `program` with `environment`. `with_family`: descendants whose parents end become
  // children of this process (PR_SET_CHILD_SUBREAPER), so that it can wait for them. Fails with one
  // line if the kernel refuses to.
  static Result<ChildProcess> Start(const Program& program,
                                    const std::vector<std::string>& environment,
                                    bool with_family = false);

  pid_t pid() const { return pid_; }

  // What a Next has met.
  enum class Event { kTimeout, kInput, kSignal, kEnded };

  // Waits for the first of: the end of the program, after which Wait does not wait; a signal to
  // this process, which is passed on as Wait does; something to read from `input` (a descriptor, or
  // -1); the end of `timeout`, or a resized terminal. REQUIRES: Wait was not called.
  Event Next(int input, std::chrono::nanoseconds timeout);

  // Ends the program: sends it SIGTERM. REQUIRES: Wait was not called.
  void Terminate();

  // Waits for the end, passing signals on but those that `keep` (if there is one) takes. With the
  // family, waits for all descendants too, until one of the signals that are passed on comes. Calls
  // `tick` after `first`, and again after each delay that it returns. Gives the signal mask back; a
  // Ctrl-C that ended the program is not left pending. REQUIRES: not called before.
  ProcessEnd Wait(std::chrono::nanoseconds first,
                  const std::function<std::chrono::nanoseconds()>& tick,
                  const std::function<bool(int)>& keep = nullptr);

  // How those ended that this process has waited for: the program, and with the family, orphans.
  const std::map<pid_t, ProcessEnd>& ends() const { return ends_; }

 private:
  ChildProcess(pid_t pid, const sigset_t& original_mask, bool with_family)
      : pid_(pid), original_mask_(original_mask), with_family_(with_family) {}

  bool ReapEnded();

  pid_t pid_;
  sigset_t original_mask_;
  bool with_family_;
  std::map<pid_t, ProcessEnd> ends_;
};

// Whether there is such a process and it has not ended.
bool IsRunning(pid_t pid);

// Ends this process as `end` says: returns the exit status for main, or does not return at all but
// dies of the same signal, without a core dump of its own.
int EndLike(const ProcessEnd& end);

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_CHILD_PROCESS_H_
