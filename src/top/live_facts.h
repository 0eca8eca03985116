// What the kernel says of processes and threads now: their state, and the name of a thread that
// its recording has none for.
//
// From /proc/PID/stat and /proc/PID/task/TID/stat (proc_pid_stat(5)), which every user may read.
// THREAD: any.
#ifndef LINEPROF_TOP_LIVE_FACTS_H_
#define LINEPROF_TOP_LIVE_FACTS_H_

#include <string>
#include <string_view>

#include "top/table.h"

namespace lineprof {

// What a stat file's text says. An empty state if it is none, or of what has ended.
LiveFacts DescribeStat(std::string_view text);

// Those of `snapshot` that are alive.
LiveProcesses FindLiveProcesses(const CostSnapshot& snapshot);
LiveThreads FindLiveThreads(const CostSnapshot& snapshot);

}  // namespace lineprof

#endif  // LINEPROF_TOP_LIVE_FACTS_H_
