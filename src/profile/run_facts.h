// What a run's recordings say about the run as a whole: durations, samples, losses, processes,
// notes.
#ifndef LINEPROF_PROFILE_RUN_FACTS_H_
#define LINEPROF_PROFILE_RUN_FACTS_H_

#include <vector>

#include "lineprof/profile.h"
#include "recording/recording.h"

namespace lineprof {

// Fills everything in `profile` but its command, clock, period, files, functions and stacks.
// `recordings` by start. Profile::period_s is read, for advice. THREAD: any.
void AddRunFacts(const std::vector<const Recording*>& recordings, Profile& profile);

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_RUN_FACTS_H_
