// sys.monitoring (3.12+) as C sees it: callbacks, tool ids, events.
//
// There is no C API for tools, so its Python functions are called. A callback is a C function with
// METH_FASTCALL: an array of borrowed arguments in, a new reference out. None is immortal since
// 3.12, so its references are not counted. GIL: held. SIGNAL-SAFE: no.
#ifndef LINEPROF_AGENT_TRACING_MONITORING_API_H_
#define LINEPROF_AGENT_TRACING_MONITORING_API_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "agent/python_api.h"

namespace lineprof {

using MonitoringCallback = void* (*)(void* self, void* const* arguments, ptrdiff_t count);

// PyMethodDef.
struct CallbackDefinition {
  const char* name;
  MonitoringCallback function;
  int flags;
  const char* doc;
};
inline constexpr int kFastCall = 0x80;

struct Subscription {
  const char* event;  // its name in sys.monitoring.events
  CallbackDefinition definition;
  MonitoringCallback verbose;  // the same, and printed; null: not printed
};

// sys.monitoring.DISABLE: a callback that returns it is not called there again. Set by
// ClaimMonitoringTool.
extern void* g_monitoring_disable;

inline void* MonitoringNone() { return _Py_NoneStruct; }
inline void* MonitoringDisable() {
  Py_IncRef(g_monitoring_disable);
  return g_monitoring_disable;
}

// The value of a small positive int (PyLongObject: lv_tag, then digits of 30 bits).
inline uint32_t SmallInt(const void* number) {
  constexpr size_t kFirstDigit = 24;
  uint32_t digit;
  std::memcpy(&digit, static_cast<const char*>(number) + kFirstDigit, sizeof(digit));
  return digit;
}
inline uint64_t AddressOf(const void* object) { return reinterpret_cast<uint64_t>(object); }

// A free tool id; -1 if there is none, or no sys.monitoring as expected.
int ClaimMonitoringTool();

// Registers the callbacks, which must live for ever; gives the events' bits, 0 on failure.
long Subscribe(int tool, std::span<Subscription> subscriptions, bool verbose);

// The bit of an event; 0 if there is none of that name.
long MonitoringEvent(const char* name);

// Turns events on, everywhere or in one code object. False on failure.
bool SetMonitoringEvents(int tool, long events);
bool SetLocalMonitoringEvents(int tool, void* code, long events);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_MONITORING_API_H_
