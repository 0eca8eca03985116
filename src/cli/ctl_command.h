// lineprof ctl: starts and stops the profiling of a run that goes on, and makes reports of it.
//
// Works through the run's recording directory: opens no port, sends no signal, touches no process.
// THREAD: main.
#ifndef LINEPROF_CLI_CTL_COMMAND_H_
#define LINEPROF_CLI_CTL_COMMAND_H_

#include "options/options.h"

namespace lineprof {

// Returns the exit status: 2 if there is no such run or something asked for is refused, 1 on
// failure, else 0.
int CtlCommand(const CtlOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_CLI_CTL_COMMAND_H_
