// Adds one recording's costs to the tables of the run.
#ifndef LINEPROF_PROFILE_RECORDING_COSTS_H_
#define LINEPROF_PROFILE_RECORDING_COSTS_H_

#include <cstdint>
#include <string_view>

#include "profile/cost_tables.h"
#include "profile/stack_transform.h"
#include "recording/recording.h"

namespace lineprof {

// Names the recording's files relative to `current_directory`, decodes its lines, and adds what
// `transform` leaves of its stacks to `tables`. Returns how many samples it dropped. O(nodes),
// whatever the depth of the stacks. THREAD: any, one at a time per `tables`.
// REQUIRES: a sound recording, as ReadRecording gives it: every node but 0 stands after its parent,
// codes and callees are indices of Recording::codes.
uint64_t AddRecordingCosts(const Recording& recording, std::string_view current_directory,
                           const StackTransform& transform, CostTables& tables);

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_RECORDING_COSTS_H_
