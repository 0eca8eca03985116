// lineprof dump: the stacks of all threads of a running process, once or every so often.
//
// THREAD: main. Prints to standard output. The process is only read.
#ifndef LINEPROF_CLI_DUMP_COMMAND_H_
#define LINEPROF_CLI_DUMP_COMMAND_H_

#include "options/options.h"

namespace lineprof {

// Returns the exit status: 2 if the process cannot be looked at, 1 if standard output cannot be
// written, else 0; also when the process ends while it is watched.
int DumpCommand(const DumpOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_CLI_DUMP_COMMAND_H_
