// The command line of a run: sampling, and where the program begins.
//
// THREAD: any.
#ifndef LINEPROF_CLI_RUN_OPTIONS_H_
#define LINEPROF_CLI_RUN_OPTIONS_H_

#include "cli/given_options.h"
#include "cli/options.h"

namespace lineprof {

// `words`: main's arguments without its first. Gives RunOptions, or a PrintRequest for --help and
// the like. Fails with one line that names the option.
Result<CommandLine> ParseRun(const Strings& words);

// -s or -r: nanoseconds; 0 without them. Fails with one line that names the option.
Result<uint64_t> ParsePeriod(const GivenOptions& given);

}  // namespace lineprof

#endif  // LINEPROF_CLI_RUN_OPTIONS_H_
