// The command that lineprof is for: run a program, profile it, write the reports.
//
// THREAD: main. Starts one child process; reads and writes files.
#ifndef LINEPROF_CLI_RUN_COMMAND_H_
#define LINEPROF_CLI_RUN_COMMAND_H_

#include "options/options.h"

namespace lineprof {

// Returns the exit status: 2 if something was refused before the program started, 1 if lineprof
// itself failed, else the program's own. Does not return if a signal killed the program.
int RunCommand(const RunOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_CLI_RUN_COMMAND_H_
