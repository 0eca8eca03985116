// The signal handler's work: one tick of one thread.
//
// A tick reads the thread's CPU clock, walks the thread's own frames and adds the time since its
// last tick to the line it is on. It never waits: what cannot be done now is counted by reason and
// dropped. SIGNAL-SAFE: written for it; scripts/check_handler holds the libc symbols it may use.
#ifndef LINEPROF_AGENT_ASYNC_SAFE_SAMPLER_H_
#define LINEPROF_AGENT_ASYNC_SAFE_SAMPLER_H_

#include <csignal>
#include <cstdint>

#include "agent/async_safe/thread_state.h"

namespace lineprof {

// What every tick needs. Set up before the first timer is armed; read only after that, but for the
// atomics.
struct Sampler {
  RecordingMap map;
  WalkContext context;
  uint64_t period_ns = 0;
  bool main_thread_only = false;
  bool keeps_timeline = false;
  std::atomic<bool> enabled{false};
  // The interpreter's own functions (PyGILState_GetThisThreadState; and the one that gives the
  // thread state that has the GIL): plain reads. From 3.12 on the latter's is of the calling
  // thread.
  void* (*this_thread_state)() = nullptr;
  void* (*attached_thread_state)() = nullptr;
  bool attached_is_own = false;
  // The disposition that the program believes the signal has: ticks are ours, the rest is its.
  struct sigaction program_action {};
  int (*real_sigaction)(int, const struct sigaction*, struct sigaction*) = nullptr;
  int signal = 0;
};

extern Sampler g_sampler;
// The thread's state; null for threads that are not sampled.
extern thread_local ThreadState* t_thread;

// Installed for Sampler::signal.
void HandleSignal(int signal, siginfo_t* info, void* context);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_ASYNC_SAFE_SAMPLER_H_
