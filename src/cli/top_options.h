// The command line of lineprof top.
//
// THREAD: any.
#ifndef LINEPROF_CLI_TOP_OPTIONS_H_
#define LINEPROF_CLI_TOP_OPTIONS_H_

#include "cli/given_options.h"
#include "cli/options.h"

namespace lineprof {

// `words`: what follows the command's name. Gives TopOptions, or a PrintRequest for --help. Fails
// with one line that names the option.
Result<CommandLine> ParseTop(const Strings& words);

}  // namespace lineprof

#endif  // LINEPROF_CLI_TOP_OPTIONS_H_
