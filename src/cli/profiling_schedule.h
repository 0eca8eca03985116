// When a run is profiled: after --delay, for --duration. THREAD: one.
#ifndef LINEPROF_CLI_PROFILING_SCHEDULE_H_
#define LINEPROF_CLI_PROFILING_SCHEDULE_H_

#include <cstdint>
#include <optional>

namespace lineprof {

class ProfilingSchedule {
 public:
  // Nanoseconds; without a duration, to the end.
  ProfilingSchedule(uint64_t delay_ns, std::optional<uint64_t> duration_ns)
      : delay_ns_(delay_ns), duration_ns_(duration_ns), begun_(delay_ns == 0) {}

  bool begins_paused() const { return delay_ns_ != 0; }

  // Nanoseconds after the start of the next change; nothing if none is to come.
  std::optional<uint64_t> NextChange() const {
    if (!begun_) return delay_ns_;
    if (duration_ns_ && !ended_) return delay_ns_ + *duration_ns_;
    return std::nullopt;
  }

  // The change that is due so long after the start: whether to profile from now on.
  std::optional<bool> TakeChange(uint64_t elapsed_ns) {
    const std::optional<uint64_t> next = NextChange();
    if (!next || elapsed_ns < *next) return std::nullopt;
    if (!begun_) {
      begun_ = true;
      return true;
    }
    ended_ = true;
    return false;
  }

 private:
  uint64_t delay_ns_;
  std::optional<uint64_t> duration_ns_;
  bool begun_;
  bool ended_ = false;
};

}  // namespace lineprof

#endif  // LINEPROF_CLI_PROFILING_SCHEDULE_H_
