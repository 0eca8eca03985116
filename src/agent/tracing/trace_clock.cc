#include "agent/tracing/trace_clock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstring>

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

// A kernel that found the counters of its processors apart keeps time with something else. Where it
// does not tell (no sysfs), the processor's word has to do.
bool KernelTrustsTsc() {
  const int fd = open("/sys/devices/system/clocksource/clocksource0/current_clocksource",
                      O_RDONLY | O_CLOEXEC);
  if (fd < 0) return true;
  char name[16] = {};
  const ssize_t length = read(fd, name, sizeof(name) - 1);
  close(fd);
  return length > 0 && std::strcmp(name, "tsc\n") == 0;
}

}  // namespace

uint64_t MonotonicTicks() { return ClockNs(CLOCK_MONOTONIC); }

void ChooseTraceClock() {
  const bool tsc = ProcessorHasInvariantTsc() && KernelTrustsTsc();
  g_trace_clock = tsc ? TraceClockKind::kTsc : TraceClockKind::kMonotonic;
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
