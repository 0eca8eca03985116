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
FrameLayout g_layout;

template <typename T>
T Load(uint64_t address, uint32_t offset = 0) {
  T value;
  std::memcpy(&value, reinterpret_cast<const char*>(address) + offset, sizeof(T));
  return value;
}

// The time of an event.
uint64_t EventTicks() {
  const uint64_t now = TraceTicks();
  return IsLookDue(now) ? LookAtMachine(t_trace, now) : now;
}

// The innermost frame of the calling thread.
uint64_t CurrentFrame() {
  void* const state = PyThreadState_GetUnchecked != nullptr ? PyThreadState_GetUnchecked()
                                                            : _PyThreadState_UncheckedGet();
  const auto first = Load<uint64_t>(AddressOf(state), g_layout.thread_frame);
  if (g_layout.kind == FrameKind::kCurrentFrame) return first;
  return Load<uint64_t>(first, g_layout.cframe_current);
}

// The frame that called `frame`, past those that run no Python code; 0 if there is none.
uint64_t CallerOf(uint64_t frame) {
  do {
    frame = Load<uint64_t>(frame, g_layout.frame_previous);
  } while (frame != 0 && Load<uint8_t>(frame, g_layout.frame_owner) >= g_layout.first_shim_owner);
  return frame;
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

void EnterCounted(TraceThread* thread, TracedCode* code, uint32_t line, uint64_t now) {
  if (!code->has_local_events) {
    code->has_local_events = true;
    SetLocalMonitoringEvents(g_tool, reinterpret_cast<void*>(code->address), g_counted_events);
  }
  const uint64_t frame = CurrentFrame();
  // Frames above the caller's are of switched stacks.
  const uint64_t caller = CallerOf(frame);
  const bool has_caller = thread->top->key == caller;
  EnterFrame(thread, frame, code->counters, line, has_caller, now);
}

void* OnStart(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = EventTicks();
  TraceThread* const thread = CurrentThread(now);
  if (thread == nullptr) return MonitoringNone();
  TracedCode* const code = CodeAt(AddressOf(arguments[0]));
  if (code->counted) {
    EnterCounted(thread, code, code->LineAt(SmallInt(arguments[1])), now);
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

// A line of counted code.
void CountLine(void* code, uint32_t line, uint64_t now) {
  TraceThread* const thread = CurrentThread(now);
  if (thread == nullptr) return;
  const uint64_t frame = CurrentFrame();
  if (__builtin_expect(thread->top->key != frame, 0) && !ReturnToFrame(thread, frame, now)) {
    EnterFrame(thread, frame, CodeAt(AddressOf(code))->counters, 0, false, now);
  }
  if (thread->top->key == frame) StartLine(thread, line, now);
}

void* OnLine(void*, void* const* arguments, ptrdiff_t) {
  CountLine(arguments[0], SmallInt(arguments[1]), EventTicks());
  return MonitoringNone();
}

void* OnJump(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = EventTicks();
  if (!IsTracing()) return MonitoringNone();
  const uint32_t from = SmallInt(arguments[1]);
  const uint32_t to = SmallInt(arguments[2]);
  if (to >= from) return MonitoringDisable();
  const TracedCode* const code = CodeAt(AddressOf(arguments[0]));
  const uint32_t line = code->LineAt(to);
  if (line == 0 || line != code->LineAt(from)) return MonitoringDisable();
  CountLine(arguments[0], line, now);
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

const char* StartFilteredMonitoring(const FrameLayout& layout, bool verbose) {
  g_layout = layout;
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
