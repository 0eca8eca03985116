// A run of lineprof that goes on: where its recordings are.
//
// Told by the environment of the program or one of its children, which holds lineprof's settings.
// THREAD: any.
#ifndef LINEPROF_LAUNCHER_RUNNING_RUN_H_
#define LINEPROF_LAUNCHER_RUNNING_RUN_H_

#include <cstdint>
#include <optional>
#include <string>

#include "lineprof/result.h"
#include "recording/settings.h"

namespace lineprof {

// What the environment of process `pid` says; nothing if it does not run under lineprof. Fails with
// one line if it cannot be read, or is another lineprof's.
Result<std::optional<Settings>> SettingsOf(int64_t pid);

// The recording directory of the run that process `pid` belongs to, or that it has started. Fails
// with one line: no such process, another user's, or none that runs under lineprof.
Result<std::string> FindRecordingDirectory(int64_t pid);

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_RUNNING_RUN_H_
