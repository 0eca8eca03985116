// The few lines on standard error after a run: how much was seen, how well, and the hottest lines.
//
// For people; scripts read the report. THREAD: any.
#ifndef LINEPROF_OUTPUT_SUMMARY_H_
#define LINEPROF_OUTPUT_SUMMARY_H_

#include <string>

#include "lineprof/profile.h"

namespace lineprof {

// At most eight lines, each with its line end.
std::string FormatSummary(const Profile& profile);

}  // namespace lineprof

#endif  // LINEPROF_OUTPUT_SUMMARY_H_
