// -v in deterministic mode: a line on standard error for each event, in pprofile's form:
//   seconds since the start, a blank for each open frame, event, file:line, name+line in function
//
// Slow and for the eye only. GIL: held. THREAD: any.
#ifndef LINEPROF_AGENT_TRACING_VERBOSE_H_
#define LINEPROF_AGENT_TRACING_VERBOSE_H_

#include <cstdint>

namespace lineprof {

// `event`: "call", "line", "return" or "exception". `code`: address of the code object.
void PrintEvent(const char* event, uint64_t code, uint32_t line);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_VERBOSE_H_
