// The command line of lineprof top.
//
// THREAD: any.
#ifndef LINEPROF_OPTIONS_TOP_OPTIONS_H_
#define LINEPROF_OPTIONS_TOP_OPTIONS_H_

#include "options/given_options.h"
#include "options/options.h"

namespace lineprof {

// `words`: what follows the command's name. Gives TopOptions, or a PrintRequest for --help. Fails
// with one line that names the option.
Result<CommandLine> ParseTop(const Strings& words);

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_TOP_OPTIONS_H_
