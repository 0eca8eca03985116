// Where the agent is, and how it is named in LD_PRELOAD.
//
// It lies beside the running lineprof (../lib/lineprof), in the build folder as in an installed
// prefix, so that the prefix can be moved. THREAD: any.
#ifndef LINEPROF_LAUNCHER_AGENT_LIBRARY_H_
#define LINEPROF_LAUNCHER_AGENT_LIBRARY_H_

#include <string>

#include "lineprof/result.h"

namespace lineprof {

// The agent's absolute path. Fails with one line if it is not there.
Result<std::string> FindAgent();

// Whether the dynamic loader takes `path` as it stands in LD_PRELOAD: blanks and colons separate
// names there, and `$` starts a token (ld.so(8)).
bool CanBePreloaded(const std::string& path);

// A path for LD_PRELOAD: `agent`, or a symbolic link to it in `directory`. Fails with one line if
// neither can be preloaded.
Result<std::string> PreloadablePath(const std::string& agent, const std::string& directory);

// The agent's path for LD_PRELOAD, as the two above make it.
Result<std::string> FindPreloadableAgent(const std::string& directory);

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_AGENT_LIBRARY_H_
