// The system's clocks, read once, in nanoseconds.
//
// Not a stopwatch and not a source of timer signals: those belong to the agent.
// SIGNAL-SAFE. THREAD: any. GIL: not needed.
#ifndef LINEPROF_BASE_CLOCK_H_
#define LINEPROF_BASE_CLOCK_H_

#include <time.h>

#include <cstdint>

namespace lineprof {

inline constexpr uint64_t kNsPerSecond = 1'000'000'000;

// The time on `clock` (CLOCK_MONOTONIC, CLOCK_REALTIME, a CPU clock). 0 if there is no such clock.
inline uint64_t ClockNs(clockid_t clock) {
  timespec now{};
  if (clock_gettime(clock, &now) != 0) return 0;
  return static_cast<uint64_t>(now.tv_sec) * kNsPerSecond + static_cast<uint64_t>(now.tv_nsec);
}

// The same number of nanoseconds as the system takes it.
inline timespec ToTimespec(uint64_t ns) {
  return {static_cast<time_t>(ns / kNsPerSecond),
          static_cast<long>(ns % kNsPerSecond)};  // NOLINT(google-runtime-int): its type
}

}  // namespace lineprof

#endif  // LINEPROF_BASE_CLOCK_H_
