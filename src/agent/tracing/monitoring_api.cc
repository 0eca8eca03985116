#include "agent/tracing/monitoring_api.h"

#include "agent/tracing/python_object.h"

namespace lineprof {

void* g_monitoring_disable = nullptr;

namespace {

constexpr int kFirstTool = 4;  // not one of those that have a meaning: 0, 1, 2 and 5
constexpr int kTools = 6;

PythonObject Monitoring() { return PythonObject(NewReference(PySys_GetObject("monitoring"))); }

bool Succeeds(const PythonObject& done) {
  if (!done) PyErr_Clear();
  return static_cast<bool>(done);
}

// Lets calls of a function object reach its C function without the interpreter's function in
// between, which looks for keywords and counts recursion: a tenth of an event. The object is a
// PyCFunctionObject (Include/cpython/methodobject.h), whose last field is the function that calls
// go to; with METH_FASTCALL, ours takes what that takes, but for the keywords at the end.
void CallDirectly(void* function, const CallbackDefinition& definition) {
  constexpr size_t kDefinition = 16;
  constexpr size_t kVectorcall = 48;
  auto* const fields = static_cast<char*>(function);
  const CallbackDefinition* held = nullptr;
  std::memcpy(&held, fields + kDefinition, sizeof(held));
  if (held != &definition) return;  // another layout
  std::memcpy(fields + kVectorcall, &definition.function, sizeof(definition.function));
}

}  // namespace

int ClaimMonitoringTool() {
  constexpr long kProbe = 123456789;
  const PythonObject probe(PyLong_FromLong(kProbe));
  const PythonObject use = Monitoring().Attribute("use_tool_id");
  if (!use || !probe || SmallInt(probe.get()) != kProbe) return -1;
  if (g_monitoring_disable == nullptr) {
    g_monitoring_disable = Monitoring().Attribute("DISABLE").Release();
  }
  for (int i = 0; i < kTools; ++i) {
    const int tool = (kFirstTool + kTools - i) % kTools;
    if (Succeeds(use.Call({PyLong_FromLong(tool), PyUnicode_FromString("lineprof")}))) return tool;
  }
  return -1;
}

long MonitoringEvent(const char* name) {
  const PythonObject event = Monitoring().Attribute("events").Attribute(name);
  if (!event) PyErr_Clear();
  return event ? PyLong_AsLong(event.get()) : 0;
}

long Subscribe(int tool, std::span<Subscription> subscriptions, bool verbose) {
  const PythonObject subscribe = Monitoring().Attribute("register_callback");
  long events = 0;
  for (Subscription& subscription : subscriptions) {
    const long event = MonitoringEvent(subscription.event);
    if (verbose && subscription.verbose != nullptr) {
      subscription.definition.function = subscription.verbose;
    }
    void* const function = PyCFunction_NewEx(&subscription.definition, nullptr, nullptr);
    if (function == nullptr) return 0;
    CallDirectly(function, subscription.definition);
    if (event == 0 ||
        !Succeeds(subscribe.Call({PyLong_FromLong(tool), PyLong_FromLong(event), function}))) {
      return 0;
    }
    events |= event;
  }
  return events;
}

bool SetMonitoringEvents(int tool, long events) {
  return Succeeds(
      Monitoring().Attribute("set_events").Call({PyLong_FromLong(tool), PyLong_FromLong(events)}));
}

bool SetLocalMonitoringEvents(int tool, void* code, long events) {
  return Succeeds(Monitoring()
                      .Attribute("set_local_events")
                      .Call({PyLong_FromLong(tool), NewReference(code), PyLong_FromLong(events)}));
}

}  // namespace lineprof
