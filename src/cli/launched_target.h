// A program that top starts, as a run does, and whose end it ends with.
//
// THREAD: main.
#ifndef LINEPROF_CLI_LAUNCHED_TARGET_H_
#define LINEPROF_CLI_LAUNCHED_TARGET_H_

#include <memory>

#include "cli/top_target.h"
#include "launcher/program.h"
#include "lineprof/result.h"
#include "options/options.h"

namespace lineprof {

// `takes_terminal`: what the program would write to the terminal is kept for a screen. Fails with
// one line if it cannot be started.
Result<std::unique_ptr<TopTarget>> LaunchTarget(const TopOptions& options, const Program& program,
                                                bool takes_terminal);

}  // namespace lineprof

#endif  // LINEPROF_CLI_LAUNCHED_TARGET_H_
