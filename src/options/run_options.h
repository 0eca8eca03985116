// The command line of a run: sampling, and where the program begins. Some of it is that of other
// commands that run a program.
//
// THREAD: any.
#ifndef LINEPROF_OPTIONS_RUN_OPTIONS_H_
#define LINEPROF_OPTIONS_RUN_OPTIONS_H_

#include <optional>
#include <string>

#include "options/given_options.h"
#include "options/options.h"

namespace lineprof {

// `words`: main's arguments without its first. Gives RunOptions, or a PrintRequest for --help and
// the like. Fails with one line that names the option.
Result<CommandLine> ParseRun(const Strings& words);

// What stands after lineprof's own words: SCRIPT, -m MODULE, -mMODULE, -c CODE or -- COMMAND. Fails
// with one line.
Result<ProgramRequest> ParseProgram(const Strings& words);

// -s or -r in nanoseconds; 0 without them. Fails with one line that names the option.
Result<uint64_t> ParsePeriod(const GivenOptions& given);

// Nothing if the option is not given. Fails with one line if it is no number of seconds above 0.
Result<std::optional<double>> ParseSeconds(const GivenOptions& given, const std::string& option);

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_RUN_OPTIONS_H_
