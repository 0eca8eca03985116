#include "agent/tracing/trace_clock.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace lineprof {

TraceClockKind g_trace_clock = TraceClockKind::kMonotonic;

namespace {

bool ProcessorHasInvariantTsc() {
#if defined(__x86_64__)
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  constexpr unsigned kInvariantTsc = 1U << 8;
  return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) != 0 && (edx & kInvariantTsc) != 0;
#else
  return false;
#endif
}

// The kernel's clock source, without the line's end; empty where it does not tell.
std::string ClockSource() {
  const int fd = open("/sys/devices/system/clocksource/clocksource0/current_clocksource",
                      O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  char name[32];
  const ssize_t length = read(fd, name, sizeof(name));
  close(fd);
  std::string source(name, static_cast<size_t>(std::max<ssize_t>(length, 0)));
  if (source.ends_with('\n')) source.pop_back();
  return source;
}

}  // namespace

uint64_t MonotonicTicks() { return ClockNs(CLOCK_MONOTONIC); }

// A kernel that found the counters of its processors apart keeps time with something else. Where it
// does not tell, the processor's word has to do.
TraceClockKind BestTraceClock(const ClockFacts& facts) {
  const bool is_trusted = facts.clocksource.empty() || facts.clocksource == "tsc";
  return facts.has_invariant_tsc && is_trusted ? TraceClockKind::kTsc : TraceClockKind::kMonotonic;
}

void ChooseTraceClock() {
  const std::string source = ClockSource();
  g_trace_clock = BestTraceClock({ProcessorHasInvariantTsc(), source});
}

// The tightest of a few tries: the thread may be preempted between the two reads.
ClockPair ReadClockPair() {
  constexpr int kTries = 5;
  ClockPair best;
  uint64_t best_width = UINT64_MAX;
  for (int i = 0; i < kTries; ++i) {
    const uint64_t before = TraceTicks();
    const uint64_t ns = ClockNs(CLOCK_MONOTONIC);
    const uint64_t after = TraceTicks();
    if (after - before < best_width) {
      best_width = after - before;
      best = {before + best_width / 2, ns};
    }
  }
  return best;
}

double NsPerTick(const ClockPair& first, const ClockPair& last, double known) {
  constexpr uint64_t kFarEnoughNs = 1'000'000;
  if (g_trace_clock == TraceClockKind::kMonotonic) return 1;
  if (last.ticks <= first.ticks || last.ns < first.ns + kFarEnoughNs) return known;
  return static_cast<double>(last.ns - first.ns) / static_cast<double>(last.ticks - first.ticks);
}

}  // namespace lineprof
