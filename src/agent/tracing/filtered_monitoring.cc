// sys.monitoring where only some code is counted: the rest runs at full speed.
//
// Two tools. The first sees code start. Code that is not counted is turned off there (DISABLE) at
// its first start; code that is counted gets its other events as local ones. The second tool is
// for the calls that lead from counted code out of it, which have (call) rows: it has events in
// such callees only. They are found in two ways: at a callee's first start, if a counted frame
// calls it, and by the CALL event of counted code, which names the function to be called (a callee
// that was turned off when other code called it first). What is missed: calls that counted code
// makes through C (a key function of sorted()) of a function that other code called before.
//
// Frames are told apart by the address of the interpreter's frame: frames that are not counted are
// not on the stack of open frames, so the one on top need not be the caller.
#include "agent/tracing/event_source.h"
#include "agent/tracing/machine.h"
#include "agent/tracing/monitoring_api.h"
#include "agent/tracing/monitoring_frame.h"
#include "agent/tracing/python_object.h"
#include "agent/tracing/traced_code.h"
#include "agent/tracing/tracer.h"
#include "agent/tracing/verbose_monitoring.h"

namespace lineprof {
namespace {

int g_tool = -1;       // counted code
int g_edge_tool = -1;  // callees of counted code
long g_counted_events = 0;
long g_edge_events = 0;

// The time of an event.
uint64_t EventTicks() {
  const uint64_t now = TraceTicks();
  return IsLookDue(now) ? LookAtMachine(t_trace, now) : now;
}

TraceThread* CurrentThread(uint64_t now) {
  TraceThread* const thread = t_trace;
  return __builtin_expect(thread != nullptr, 1) ? thread : AttachTraceThread(now);
}

bool IsCalledByCounted(const TraceThread* thread, uint64_t frame) {
  return thread->top->lines != nullptr && thread->top->key == CallerOf(frame);
}

// Counted code calls this: its calls are counted from now on.
void WatchCalls(TracedCode* code) {
  if (code->calls_seen) return;
  code->calls_seen = true;
  SetLocalMonitoringEvents(g_edge_tool, reinterpret_cast<void*>(code->address), g_edge_events);
}

void EnterCounted(TraceThread* thread, TracedCode* code, uint32_t instruction, uint64_t now) {
  if (!code->has_local_events) {
    code->has_local_events = true;
    SetLocalMonitoringEvents(g_tool, reinterpret_cast<void*>(code->address), g_counted_events);
  }
  const uint64_t frame = CurrentFrame();
  // Frames above the caller's are of switched stacks.
  const uint64_t caller = CallerOf(frame);
  const bool has_caller = thread->top->key == caller;
  const uint32_t line = code->LineAt(instruction);
  EnterFrame(thread, frame, code->counters, line, has_caller, now);
  if (MaySearch(*thread->top, line)) ResumeFarCode(thread, code, instruction);
}

void* OnStart(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = EventTicks();
  TraceThread* const thread = CurrentThread(now);
  if (thread == nullptr) return MonitoringNone();
  TracedCode* const code = CodeAt(AddressOf(arguments[0]));
  if (code->counted) {
    EnterCounted(thread, code, SmallInt(arguments[1]), now);
    return MonitoringNone();
  }
  const uint64_t frame = CurrentFrame();
  if (IsCalledByCounted(thread, frame)) {
    WatchCalls(code);
    if (thread->top->key != frame) EnterFrame(thread, frame, code->counters, 0, true, now);
  }
  return MonitoringDisable();
}

// The same where there is no turning off.
void* OnThrow(void* self, void* const* arguments, ptrdiff_t count) {
  void* const result = OnStart(self, arguments, count);
  if (result != g_monitoring_disable) return result;
  Py_DecRef(result);
  return MonitoringNone();
}

// A callee of counted code, which may be called by other code too.
void* OnEdgeStart(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = EventTicks();
  TraceThread* const thread = CurrentThread(now);
  if (thread == nullptr) return MonitoringNone();
  const uint64_t frame = CurrentFrame();
  if (thread->top->key != frame && IsCalledByCounted(thread, frame)) {
    EnterFrame(thread, frame, CodeAt(AddressOf(arguments[0]))->counters, 0, true, now);
  }
  return MonitoringNone();
}

void* OnLeave(void*, void* const*, ptrdiff_t) {
  const uint64_t now = EventTicks();
  TraceThread* const thread = t_trace;
  if (thread != nullptr && thread->top->key == CurrentFrame()) LeaveFrame(thread, now);
  return MonitoringNone();
}

// The calling thread, whose frame of counted code is made the one on top; null if it is not traced.
TraceThread* ThreadIn(const void* code, uint64_t now) {
  TraceThread* const thread = CurrentThread(now);
  if (thread == nullptr) return nullptr;
  const uint64_t frame = CurrentFrame();
  if (__builtin_expect(thread->top->key != frame, 0) && !ReturnToFrame(thread, frame, now)) {
    EnterFrame(thread, frame, CodeAt(AddressOf(code))->counters, 0, false, now);
  }
  return thread->top->key == frame ? thread : nullptr;
}

void* OnLine(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = EventTicks();
  const uint32_t line = SmallInt(arguments[1]);
  TraceThread* const thread = ThreadIn(arguments[0], now);
  if (thread == nullptr) return MonitoringNone();
  if (MaySearch(*thread->top, line)) {
    StartFarLine(thread, CodeAt(AddressOf(arguments[0])), line, now);
  } else {
    StartLine(thread, line, now);
  }
  return MonitoringNone();
}

void* OnJump(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = EventTicks();
  if (!IsTracing()) return MonitoringNone();
  const uint32_t from = SmallInt(arguments[1]);
  const uint32_t to = SmallInt(arguments[2]);
  if (to >= from) return MonitoringDisable();
  TracedCode* const code = CodeAt(AddressOf(arguments[0]));
  const uint32_t line = code->LineAt(to);
  if (line == 0 || line != code->LineAt(from)) return MonitoringDisable();
  TraceThread* const thread = ThreadIn(arguments[0], now);
  if (thread == nullptr) return MonitoringNone();
  if (MaySearch(*thread->top, line)) {
    StartFarLineAgain(thread, code, line, from, to, now);
  } else {
    StartLine(thread, line, now);
  }
  return MonitoringNone();
}

bool IsOf(void* object, const char* type) {
  return *reinterpret_cast<void**>(static_cast<char*>(object) + FrameLayout::kObjectType) == type;
}

// The code of the Python function that a call of `callable` begins with; null for any other.
void* CodeOfCallable(void* callable) {
  if (IsOf(callable, PyMethod_Type)) callable = PyMethod_Function(callable);
  if (IsOf(callable, PyFunction_Type)) return PyFunction_GetCode(callable);
  return nullptr;
}

void WatchCallsOf(void* callable) {
  void* const callee = CodeOfCallable(callable);
  TracedCode* const code = callee == nullptr ? nullptr : g_codes.Find(AddressOf(callee));
  if (code != nullptr && !code->counted) WatchCalls(code);
}

// Counted code is about to call something.
void* OnCall(void*, void* const* arguments, ptrdiff_t) {
  if (!IsTracing()) return MonitoringNone();
  void* const callable = arguments[2];
  if (CodeOfCallable(callable) != nullptr) {
    WatchCallsOf(callable);
    return MonitoringNone();
  }
  if (!IsOf(callable, PyType_Type)) return MonitoringDisable();
  for (const char* name : {"__new__", "__init__"}) {
    const PythonObject function(PyObject_GetAttrString(callable, name));
    if (function) {
      WatchCallsOf(function.get());
    } else {
      PyErr_Clear();
    }
  }
  return MonitoringNone();
}

Subscription g_everywhere[] = {
    {"PY_START", {"start", OnStart, kFastCall, nullptr}, PrintCall<OnStart>},
    {"PY_RESUME", {"resume", OnStart, kFastCall, nullptr}, PrintCall<OnStart>},
    {"PY_THROW", {"throw", OnThrow, kFastCall, nullptr}, PrintCall<OnThrow>},
    {"PY_UNWIND", {"unwind", OnLeave, kFastCall, nullptr}, PrintReturn<OnLeave>},
};
Subscription g_in_counted_code[] = {
    {"LINE", {"line", OnLine, kFastCall, nullptr}, PrintLine<OnLine>},
    {"JUMP", {"jump", OnJump, kFastCall, nullptr}, nullptr},
    {"CALL", {"call", OnCall, kFastCall, nullptr}, nullptr},
    {"PY_RETURN", {"return", OnLeave, kFastCall, nullptr}, PrintReturn<OnLeave>},
    {"PY_YIELD", {"yield", OnLeave, kFastCall, nullptr}, PrintReturn<OnLeave>},
};
Subscription g_in_callees[] = {
    {"PY_START", {"start", OnEdgeStart, kFastCall, nullptr}, PrintCall<OnEdgeStart>},
    {"PY_RESUME", {"resume", OnEdgeStart, kFastCall, nullptr}, PrintCall<OnEdgeStart>},
    {"PY_RETURN", {"return", OnLeave, kFastCall, nullptr}, PrintReturn<OnLeave>},
    {"PY_YIELD", {"yield", OnLeave, kFastCall, nullptr}, PrintReturn<OnLeave>},
};

}  // namespace

const char* StartFilteredMonitoring(bool verbose) {
  g_tool = ClaimMonitoringTool();
  g_edge_tool = ClaimMonitoringTool();
  if (g_tool < 0 || g_edge_tool < 0) return "no two tool ids of sys.monitoring are free";
  const long everywhere = Subscribe(g_tool, g_everywhere, verbose);
  g_counted_events = Subscribe(g_tool, g_in_counted_code, verbose);
  g_edge_events = Subscribe(g_edge_tool, g_in_callees, verbose);
  const bool on = everywhere != 0 && g_counted_events != 0 && g_edge_events != 0 &&
                  SetMonitoringEvents(g_tool, everywhere);
  return on ? nullptr : "sys.monitoring does not give its events";
}

}  // namespace lineprof
