// Proves, inside the running interpreter, that the agent reads it right: walks the own stack and
// compares every frame's code and line with what the interpreter's own objects say.
#ifndef LINEPROF_AGENT_SELF_TEST_H_
#define LINEPROF_AGENT_SELF_TEST_H_

#include <cstddef>

#include "recorder/stack_recorder.h"

namespace lineprof {

// True if the walk agrees, or if there is no Python frame to compare. Else one line in `reason`.
// GIL: held. THREAD: one that runs Python code. SIGNAL-SAFE: no. Leaves no Python error set.
bool SelfTestPasses(const WalkContext& context, char* reason, size_t reason_size);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_SELF_TEST_H_
