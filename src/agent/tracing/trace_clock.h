// The clock of deterministic mode: the processor's time stamp counter where it can be trusted, else
// CLOCK_MONOTONIC.
//
// Reading the counter costs a third of clock_gettime (measured here: 15-20 against 45-60 ns under
// load), and an event reads the clock once. It is trusted where the processor says that it is
// invariant (CPUID 0x80000007, EDX bit 8: the same rate at any frequency and in sleep states) and
// where the kernel itself keeps time with it (clocksource). Its rate is measured against
// CLOCK_MONOTONIC over as long as possible: from the agent's start to the first event, and again at
// the process's end.
//
// `rdtsc` is not ordered with the instructions around it; a few of them more or less are below what
// can be told anyhow, and waiting for them (rdtscp, lfence) costs twice as much.
// SIGNAL-SAFE: reading. THREAD: any. GIL: not needed.
#ifndef LINEPROF_AGENT_TRACING_TRACE_CLOCK_H_
#define LINEPROF_AGENT_TRACING_TRACE_CLOCK_H_

#include <cstdint>
#include <string_view>

#include "base/clock.h"
#include "recording/layout.h"

namespace lineprof {

extern TraceClockKind g_trace_clock;

// Out of line, so that the fast path stays short.
uint64_t MonotonicTicks();

inline uint64_t TraceTicks() {
#if defined(__x86_64__)
  if (__builtin_expect(g_trace_clock == TraceClockKind::kTsc, 1)) return __builtin_ia32_rdtsc();
#endif
  return MonotonicTicks();
}

// The same moment on both clocks.
struct ClockPair {
  uint64_t ticks = 0;
  uint64_t ns = 0;
};

// What the choice of the clock hangs on.
struct ClockFacts {
  bool has_invariant_tsc = false;
  std::string_view clocksource;  // the kernel's; empty where it does not tell (no sysfs)
};
TraceClockKind BestTraceClock(const ClockFacts& facts);

// Chooses the clock. Once, before it is read.
void ChooseTraceClock();
ClockPair ReadClockPair();
// Nanoseconds for a tick, by two moments; `known` where they are not far enough apart to tell
// better.
double NsPerTick(const ClockPair& first, const ClockPair& last, double known);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_TRACE_CLOCK_H_
