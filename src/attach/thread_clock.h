// How long another process's thread has run, and whether it runs now, from its files in /proc.
//
// `schedstat` (Documentation/scheduler/sched-stats.rst) has three numbers: the time on the CPU, the
// time it was runnable without one, and how often it was put on one. The kernel brings the first up
// to date when the thread leaves the CPU and at the scheduler's tick, so a thread that goes on
// running is seen up to a tick late; CpuEstimate fills that in. All three are the same at two looks
// only if the thread waited, or ran, the whole time between. THREAD: one.
#ifndef LINEPROF_ATTACH_THREAD_CLOCK_H_
#define LINEPROF_ATTACH_THREAD_CLOCK_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/file.h"

namespace lineprof {

struct SchedStat {
  uint64_t cpu_ns = 0;
  uint64_t delay_ns = 0;  // runnable, but without a CPU
  uint64_t slices = 0;    // times it was put on a CPU
  bool operator==(const SchedStat&) const = default;
};

// Nothing if `text` is not three numbers.
std::optional<SchedStat> ParseSchedStat(std::string_view text);

// Keeps its files open: a look is one system call or two, and short. What is read of a thread after
// that is of a later moment, and lines that run first after a wait would be met less often.
class ThreadClock {
 public:
  ThreadClock() = default;
  ThreadClock(pid_t pid, pid_t tid);

  // Nothing when the thread is gone, or its files could not be opened.
  std::optional<SchedStat> Read() const;
  // Whether it runs or could run, rather than waits.
  bool Runs() const;

 private:
  UniqueFd schedstat_;
  UniqueFd stat_;
};

// The CPU clock of a thread between what the kernel says of it.
//
// A look tells between what bounds the clock is: a thread that has run since the last look has them
// moved on by the time that passed; what the kernel has brought up to date since then is no less
// than the clock, and less by no more than that time; and a thread that was put on a CPU since then
// has run for anything from nothing to all of it. The estimate is the middle, so it may go back:
// one that erred to one side, be it by never going back, would take time from the lines that run
// after a wait, or from those before it.
class CpuEstimate {
 public:
  // Starts at the first look.
  CpuEstimate() = default;
  CpuEstimate(const SchedStat& now, uint64_t now_ns)
      : last_(now),
        looked_ns_(now_ns),
        least_ns_(now.cpu_ns),
        most_ns_(now.cpu_ns),
        cpu_ns_(now.cpu_ns) {}

  // The CPU time at this look: never less than the kernel's, never more than a tick ahead of it.
  // `runs`: now, and since the last look if `now` says the same as then.
  uint64_t Update(const SchedStat& now, bool runs, uint64_t now_ns);
  uint64_t cpu_ns() const { return cpu_ns_; }

 private:
  static constexpr uint64_t kUsualTickNs = 4'000'000;     // CONFIG_HZ=250
  static constexpr uint64_t kLongestTickNs = 10'000'000;  // CONFIG_HZ=100

  SchedStat last_;
  uint64_t looked_ns_ = 0;
  uint64_t least_ns_ = 0;  // the bounds
  uint64_t most_ns_ = 0;
  uint64_t cpu_ns_ = 0;
};

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_THREAD_CLOCK_H_
