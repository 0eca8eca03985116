// Tick sources: what interrupts a thread each period of its running time.
//
// Two, each in its own file. perf's cpu-clock counts the thread's time on the CPU, so it never
// ticks in a blocked thread: the first choice, where the kernel allows it with kernel time included
// (as root, with CAP_PERFMON, or at kernel.perf_event_paranoid <= 1). Without kernel time it would
// blame every system call's time on the line after it, so then the monotonic timer serves: it ticks
// in real time, and a tick that finds its thread off the CPU turns it off until the thread runs
// again.
//
// SIGNAL-SAFE: no, except where said. THREAD: any; calls for one thread one at a time. GIL: not
// needed.
#ifndef LINEPROF_AGENT_TICK_TIMER_H_
#define LINEPROF_AGENT_TICK_TIMER_H_

#include <cstdint>

#include "agent/async_safe/thread_state.h"

namespace lineprof {

// The period that timers begin with: a little shorter than asked, which makes up for what VaryTicks
// (thread_registry.h) loses.
constexpr uint64_t TickPeriod(uint64_t asked_ns) { return asked_ns - asked_ns / 256; }

// After so many periods on the CPU a thread's ticks get another one; the first time sooner. Each
// time costs 0.15 ms of the watcher's, and two interrupts of the thread's processor (perf).
inline constexpr uint64_t kPeriodsOfOneLength = 128;
inline constexpr uint64_t kPeriodsOfFirstLength = 16;

// How much longer or shorter that is: an eighth at most. Work that repeats itself in step with
// ticks of one period would be sampled at the same few points again and again; over 128 of them,
// a hundredth more or less is enough to go once through all of it. `random`: a new number each
// time.
constexpr int64_t PeriodOffset(uint64_t period_ns, uint64_t random) {
  const uint64_t most = period_ns / 8;
  return static_cast<int64_t>(random % (2 * most + 1)) - static_cast<int64_t>(most);
}

// Ticks `signal` at the thread each `period_ns` of its CPU time. False, with errno, if the kernel
// refuses. The event lives as long as the mapping in TickTimer::perf_page; no descriptor stays
// open, and neither fork nor exec inherits it.
bool StartPerfTimer(ThreadState* thread, uint64_t period_ns, int signal);
// Another event in place of the thread's, with another period; its first tick comes after that. The
// old one goes on if the kernel refuses.
void RestartPerfTimer(ThreadState* thread, uint64_t period_ns, int signal);
// Ends it. SIGNAL-SAFE.
void StopPerfTimer(ThreadState* thread);

// Makes a CLOCK_MONOTONIC timer that sends `signal` to the thread (SIGEV_THREAD_ID), and arms it.
// False, with errno, if the kernel refuses (RLIMIT_SIGPENDING).
bool StartMonotonicTimer(ThreadState* thread, uint64_t period_ns, int signal);
// First tick after `first_ns`, then each period. SIGNAL-SAFE.
void ArmMonotonicTimer(ThreadState* thread, uint64_t first_ns, uint64_t period_ns);
void DisarmMonotonicTimer(ThreadState* thread);
// Arms it for a thread that runs again: the first tick comes when its CPU clock, now at `cpu_ns`,
// will be a period past its last sample, as if the timer had stood still while the thread waited.
// So ticks keep no step with the waking.
void ResumeMonotonicTimer(ThreadState* thread, uint64_t cpu_ns, uint64_t asked_period_ns);
// The same for the calling thread, if its ticks are of that kind. Null: it has none.
void ResumeOwnTicks(ThreadState* thread, uint64_t asked_period_ns);
void DeleteMonotonicTimer(ThreadState* thread);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TICK_TIMER_H_
