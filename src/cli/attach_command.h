// lineprof attach: samples processes that run already, from outside, and writes the reports.
//
// THREAD: main. Starts a thread for each process that is looked at; takes SIGINT, SIGTERM and
// SIGHUP as "stop and report". The processes are only read.
#ifndef LINEPROF_CLI_ATTACH_COMMAND_H_
#define LINEPROF_CLI_ATTACH_COMMAND_H_

#include "options/options.h"

namespace lineprof {

// Returns the exit status: 2 if one of the processes cannot be looked at (then none is), 1 if
// lineprof itself failed, else 0.
int AttachCommand(const AttachOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_CLI_ATTACH_COMMAND_H_
