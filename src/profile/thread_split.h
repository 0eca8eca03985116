// A recording whose nodes are told apart by thread, thread by thread.
//
// THREAD: any.
#ifndef LINEPROF_PROFILE_THREAD_SPLIT_H_
#define LINEPROF_PROFILE_THREAD_SPLIT_H_

#include <cstdint>
#include <vector>

#include "recording/recording.h"

namespace lineprof {

// The threads that have samples, busiest first: indices into Recording::thread_list; last, if it
// has any, RecordedNode::kNoThread for those that are not told apart.
std::vector<uint32_t> SampledThreads(const Recording& recording);

// What `recording` has of one thread, as if it were a process: it begins and ends with the thread.
// Losses belong to no thread. O(nodes). REQUIRES: `thread` is one of SampledThreads(recording).
Recording OnlyThread(const Recording& recording, uint32_t thread);

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_THREAD_SPLIT_H_
