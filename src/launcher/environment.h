// The environment of the profiled program: lineprof's own, with the agent and its settings added.
//
// THREAD: any, while nobody changes the environment.
#ifndef LINEPROF_LAUNCHER_ENVIRONMENT_H_
#define LINEPROF_LAUNCHER_ENVIRONMENT_H_

#include <string>
#include <vector>

#include "recording/settings.h"

namespace lineprof {

// `base` ("NAME=value" each), in its order, with `agent` in front of what LD_PRELOAD holds and with
// the settings; nothing else changes.
std::vector<std::string> ProgramEnvironment(const std::vector<std::string>& base,
                                            const std::string& agent, const Settings& settings);

// This process's environment.
std::vector<std::string> OwnEnvironment();

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_ENVIRONMENT_H_
