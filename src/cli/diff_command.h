// lineprof diff: which lines and functions got slower or faster between two kept recordings.
//
// THREAD: main. Reads two files, writes one comparison.
#ifndef LINEPROF_CLI_DIFF_COMMAND_H_
#define LINEPROF_CLI_DIFF_COMMAND_H_

#include "options/options.h"

namespace lineprof {

// Returns the exit status: 2 if something asked for is refused, 1 on failure, 3 if something got
// slower by more than --fail-above, else 0.
int DiffCommand(const DiffOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_CLI_DIFF_COMMAND_H_
