// The head of a text report: one fact a line, "Name: value", for eyes and for grep.
//
//   Process: <pid>, parent <pid>, <seconds>s, <number> samples, <end>: <command>
//   Thread: <seconds>s CPU, <seconds>s waiting, <seconds>s for the GIL, <seconds>s alive,
//           process <pid>: <name>
//
// (each on one line; counted runs have events instead of samples) are listed for the busiest of
// them only; how many there are beside, and their sums, stand in "Processes not listed" and
// "Threads not listed". THREAD: any.
#ifndef LINEPROF_REPORTS_TEXT_HEADER_H_
#define LINEPROF_REPORTS_TEXT_HEADER_H_

#include "buffered_output.h"
#include "lineprof/profile.h"

namespace lineprof {

void WriteTextHeader(const Profile& profile, BufferedOutput& out);

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_TEXT_HEADER_H_
