// lineprof info: what is in a kept recording.
//
// THREAD: main. Reads one file, prints to standard output.
#ifndef LINEPROF_CLI_INFO_COMMAND_H_
#define LINEPROF_CLI_INFO_COMMAND_H_

#include <string>

#include "options/options.h"
#include "output/kept_recording.h"

namespace lineprof {

// Returns the exit status: 1 on failure, else 0.
int InfoCommand(const InfoOptions& options);

// One `Name: value` a line, in a paragraph for each run.
std::string DescribeRuns(const RecordedRuns& runs);

}  // namespace lineprof

#endif  // LINEPROF_CLI_INFO_COMMAND_H_
