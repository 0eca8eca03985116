// Waits for a signal, for input, or for a time to pass, whatever comes first.
//
// The signals must be blocked already: they are taken one by one, no handler runs. THREAD: any
// with the signals blocked in all.
#ifndef LINEPROF_LAUNCHER_SIGNAL_WAIT_H_
#define LINEPROF_LAUNCHER_SIGNAL_WAIT_H_

#include <signal.h>

#include <chrono>
#include <initializer_list>

namespace lineprof {

// The kernel sends the terminal's signals to the whole foreground group, so a program has them
// already. What a process sent has a si_code of 0 or less (sigaction(2)).
inline bool IsFromProcess(const siginfo_t& info) { return info.si_code <= 0; }

struct SignalOrInput {
  int signal = 0;             // 0: none
  bool from_process = false;  // a process sent it, not the terminal or the kernel
  int input = -1;             // the first descriptor that can be read, or has no more to give
};

// Those of a negative number in `inputs` are passed over. Nothing is set when the time is over, or
// when another signal's handler ran.
SignalOrInput WaitForSignalOrInput(const sigset_t& signals, std::initializer_list<int> inputs,
                                   std::chrono::nanoseconds timeout);

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_SIGNAL_WAIT_H_
