// lineprof merge: several kept recordings become one.
//
// THREAD: main. Reads the files one after the other, writes one.
#ifndef LINEPROF_CLI_MERGE_COMMAND_H_
#define LINEPROF_CLI_MERGE_COMMAND_H_

#include "options/options.h"

namespace lineprof {

// Returns the exit status: 2 if the output cannot be written, 1 on failure, else 0. Writes nothing
// unless all files are sound.
int MergeCommand(const MergeOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_CLI_MERGE_COMMAND_H_
