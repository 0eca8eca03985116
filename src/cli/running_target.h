// A process that runs already, for top.
//
// One that lineprof -s started is recorded by its own agent: its recording is read where it is.
// Others are recorded from outside (attach/family.h), as long as the view lasts. Neither notices.
// THREAD: main.
#ifndef LINEPROF_CLI_RUNNING_TARGET_H_
#define LINEPROF_CLI_RUNNING_TARGET_H_

#include <memory>

#include "cli/top_target.h"
#include "lineprof/result.h"
#include "options/options.h"

namespace lineprof {

// Fails with one line that names the process if there is none, or nothing to be seen of it.
// REQUIRES: options.pid.
Result<std::unique_ptr<TopTarget>> FindRunningTarget(const TopOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_CLI_RUNNING_TARGET_H_
