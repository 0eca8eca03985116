// Callbacks of sys.monitoring that print their event (verbose.h) before or after they count it.
//
// GIL: held. THREAD: any.
#ifndef LINEPROF_AGENT_TRACING_VERBOSE_MONITORING_H_
#define LINEPROF_AGENT_TRACING_VERBOSE_MONITORING_H_

#include "agent/tracing/monitoring_api.h"
#include "agent/tracing/traced_code.h"
#include "agent/tracing/tracer.h"
#include "agent/tracing/verbose.h"

namespace lineprof {

// LINE: the second argument is the line.
template <MonitoringCallback kCallback>
void* PrintLine(void* self, void* const* arguments, ptrdiff_t count) {
  PrintEvent("line", AddressOf(arguments[0]), SmallInt(arguments[1]));
  return kCallback(self, arguments, count);
}

// The others: the second argument is an instruction.
inline void PrintInstruction(const char* event, void* const* arguments) {
  if (!IsTracing()) return;
  const uint64_t code = AddressOf(arguments[0]);
  PrintEvent(event, code, CodeAt(code)->LineAt(SmallInt(arguments[1])));
}
template <MonitoringCallback kCallback>
void* PrintCall(void* self, void* const* arguments, ptrdiff_t count) {
  PrintInstruction("call", arguments);
  return kCallback(self, arguments, count);
}
template <MonitoringCallback kCallback>
void* PrintReturn(void* self, void* const* arguments, ptrdiff_t count) {
  PrintInstruction("return", arguments);
  return kCallback(self, arguments, count);
}

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_VERBOSE_MONITORING_H_
