// What lineprof does while the program runs: looks into the recordings now and then, keeps the
// sources of the files that it meets there as they are now, and shows the progress.
//
// A recording that cannot be read yet is left for the next look; what is wrong with it is told
// after the run. Looks less often where recordings are large, so that it takes no more than 1 % of
// one CPU. THREAD: one.
#ifndef LINEPROF_CLI_RUN_MONITOR_H_
#define LINEPROF_CLI_RUN_MONITOR_H_

#include <chrono>
#include <set>
#include <string>

#include "cli/progress_line.h"
#include "profile/source_cache.h"
#include "recording/recording.h"

namespace lineprof {

class RunMonitor {
 public:
  // The references must outlive it. `directory`: where the recordings are. `through_roots`: the
  // processes may have root directories of their own, where their sources are.
  RunMonitor(std::string directory, SourceCache& sources, ProgressLine& progress,
             bool through_roots = false);

  static constexpr std::chrono::milliseconds kFirstLook{100};

  // One look. Returns the time until the next.
  std::chrono::nanoseconds Look();

 private:
  ProgressFacts ReadRecordings();
  void LoadSources(const Recording& recording);

  std::string directory_;
  SourceCache& sources_;
  ProgressLine& progress_;
  bool through_roots_;
  SourceCache elsewhere_;       // by paths through /proc/PID/root
  uint64_t start_ns_;           // CLOCK_MONOTONIC
  std::set<std::string> seen_;  // paths of sources
};

}  // namespace lineprof

#endif  // LINEPROF_CLI_RUN_MONITOR_H_
