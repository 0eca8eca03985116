// lineprof top: a live view of a program that it starts, or of a process that runs.
//
// THREAD: main.
#ifndef LINEPROF_CLI_TOP_COMMAND_H_
#define LINEPROF_CLI_TOP_COMMAND_H_

#include "options/options.h"

namespace lineprof {

// Returns the exit status: the program's (or does not return, if a signal ended it); of a running
// process 0; 2 if what is asked for is refused, 1 on failure.
int TopCommand(const TopOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_CLI_TOP_COMMAND_H_
