// lineprof report: reports from a kept recording.
//
// THREAD: main. Reads one file, writes the reports.
#ifndef LINEPROF_CLI_REPORT_COMMAND_H_
#define LINEPROF_CLI_REPORT_COMMAND_H_

#include "options/options.h"

namespace lineprof {

// Returns the exit status: 2 if something asked for is refused, 1 on failure, else 0.
int ReportCommand(const ReportCommandOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_CLI_REPORT_COMMAND_H_
