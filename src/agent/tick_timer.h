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

// The period that timers get: a little shorter than asked, so that sampling does not keep step with
// work of the same period, whose phase would then be sampled again and again at the same place.
constexpr uint64_t TickPeriod(uint64_t asked_ns) { return asked_ns - asked_ns / 101; }

// Ticks `signal` at the thread each `period_ns` of its CPU time. False, with errno, if the kernel
// refuses. The event lives as long as the mapping in TickTimer::perf_page; no descriptor stays
// open, and neither fork nor exec inherits it.
bool StartPerfTimer(ThreadState* thread, uint64_t period_ns, int signal);
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
void DeleteMonotonicTimer(ThreadState* thread);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TICK_TIMER_H_
