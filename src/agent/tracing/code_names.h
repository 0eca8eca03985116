// The qualified name of a code object of 3.8 to 3.10, which do not keep it there (PEP 3155 names
// functions only).
//
// The idea: nested code is a constant of the code around it. So when code is met that no other code
// was seen to hold, it is a module's, or was made by exec, and a walk through its constants names
// all that it holds, as the compiler would: `Class.method`, `function.<locals>.inner`.
// GIL: held. THREAD: any.
#ifndef LINEPROF_AGENT_TRACING_CODE_NAMES_H_
#define LINEPROF_AGENT_TRACING_CODE_NAMES_H_

#include <cstdint>
#include <string>

namespace lineprof {

std::string NestedName(uint64_t code);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_CODE_NAMES_H_
