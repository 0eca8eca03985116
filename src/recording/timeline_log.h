// The timeline of a recording: which sample was when. Everything else of a recording is sums, which
// do not grow with time; this does, so it is kept only where a report needs it, and is bounded.
//
// Chunks of entries are taken from the arena as they are needed. An entry is claimed by counting
// up, and whole when its node is written: so it survives any end of the process, and a reader at
// any moment sees whole ones only.
#ifndef LINEPROF_RECORDING_TIMELINE_LOG_H_
#define LINEPROF_RECORDING_TIMELINE_LOG_H_

#include "recording/recording_map.h"

namespace lineprof {

// Adds a copy of `entry` and gives it; null, counted, if it is beyond the limit or there is no
// room. REQUIRES: entry.node is not 0. SIGNAL-SAFE. THREAD: any. GIL: not needed.
TimelineEntry* AddToTimeline(const RecordingMap& map, const TimelineEntry& entry);

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_TIMELINE_LOG_H_
