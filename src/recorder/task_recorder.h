// An asyncio task in a recording: a code record without instructions, whose file is `<task: NAME>`
// and whose name is `task: NAME`, so that it can stand on a stack as its outermost frame.
//
// SIGNAL-SAFE. THREAD: any. GIL: not needed.
#ifndef LINEPROF_RECORDER_TASK_RECORDER_H_
#define LINEPROF_RECORDER_TASK_RECORDER_H_

#include <cstdint>

#include "pyruntime/task_name.h"
#include "recording/recording_map.h"

namespace lineprof {

// Programs name tasks by the million: a thread's first so many have records of their own, all
// others one.
inline constexpr uint32_t kMaxTaskNames = 1000;

// The record; 0 if there is no room. `made`: how many the thread has made so far.
uint32_t RecordTask(const RecordingMap& map, const TaskName& name, uint32_t* made);

}  // namespace lineprof

#endif  // LINEPROF_RECORDER_TASK_RECORDER_H_
