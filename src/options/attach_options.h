// The command lines of those who look at running processes: `lineprof attach PID...`, which is
// `lineprof -p PID` too, and `lineprof dump PID`.
//
// THREAD: any.
#ifndef LINEPROF_OPTIONS_ATTACH_OPTIONS_H_
#define LINEPROF_OPTIONS_ATTACH_OPTIONS_H_

#include "options/given_options.h"
#include "options/options.h"

namespace lineprof {

// `pids`: as they were written. Fails with one line that names the option or the process.
Result<CommandLine> ParseAttach(const GivenOptions& given, const Strings& pids);

Result<CommandLine> ParseDump(const GivenOptions& given);

// Fails with one line unless `text` is the number of a process.
Result<pid_t> ParsePid(const std::string& text);

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_ATTACH_OPTIONS_H_
