// The events of 3.8 to 3.11: a C trace function (PyEval_SetTrace) in every thread's state.
//
// PyEval_SetTrace sets it for one thread. Other threads get theirs at the moment their thread state
// is bound to them (interpose.cc stands in front of pthread_setspecific, by which the interpreter
// does that), which is before they run any Python code, whoever started them: threading, _thread or
// a C library. There the fields of the own thread state are written, without the GIL, which nobody
// else does at that moment.
//
// Frames are told apart by the address of their frame object. f_lineno is what the interpreter sets
// before each trace event (call_trace in Python/ceval.c of each version).
#include "agent/python_api.h"
#include "agent/tracing/event_source.h"
#include "agent/tracing/machine.h"
#include "agent/tracing/trace_function_event.h"
#include "agent/tracing/traced_code.h"
#include "agent/tracing/tracer.h"
#include "agent/tracing/verbose.h"

namespace lineprof {
namespace {

TraceFunctionFrames g_source;
uint32_t g_use_tracing = 0;  // the value of a traced thread
void* g_interpreter = nullptr;

uint64_t CodeOf(const void* frame) {
  if (g_source.layout.inner_frame != 0)
    frame = LoadField<const void*>(frame, g_source.layout.inner_frame);
  return LoadField<uint64_t>(frame, g_source.frames.frame_code);
}

void OnCall(TraceThread* thread, void* frame, uint64_t now) {
  const TracedCode* const code = CodeAt(CodeOf(frame));
  EnterInFrame(thread, g_source, frame, reinterpret_cast<uint64_t>(frame), code->counters, true,
               now);
}

// The event is not of the frame on top: some went missing. Gives whether it is now.
bool Realign(TraceThread* thread, void* frame, uint64_t now) {
  if (ReturnToFrame(thread, reinterpret_cast<uint64_t>(frame), now)) return true;
  const TracedCode* const code = CodeAt(CodeOf(frame));
  EnterFrame(thread, reinterpret_cast<uint64_t>(frame), code->counters, 0, false, now);
  return thread->top->key == reinterpret_cast<uint64_t>(frame);
}

inline int Count(void* frame, int event, uint64_t now) {
  TraceThread* thread = t_trace;
  if (__builtin_expect(thread == nullptr, 0)) {
    thread = AttachTraceThread(now);
    if (thread == nullptr) return 0;
  }
  if (event == kTraceCall) {
    OnCall(thread, frame, now);
  } else {
    CountInFrame(thread, g_source, frame, reinterpret_cast<uint64_t>(frame), event, now, Realign);
  }
  return 0;
}

// Apart, so that the fast path has nothing to save across calls.
[[gnu::noinline]] int LookAndCount(void* frame, int event, uint64_t now) {
  return Count(frame, event, LookAtMachine(t_trace, now));
}

int OnEvent(void*, void* frame, int event, void*) {
  const uint64_t now = TraceTicks();
  return IsLookDue(now) ? LookAndCount(frame, event, now) : Count(frame, event, now);
}

int OnVerboseEvent(void* object, void* frame, int event, void* argument) {
  const char* const name = TraceEventName(event);
  if (name != nullptr)
    PrintEvent(name, CodeOf(frame), LoadField<uint32_t>(frame, g_source.layout.line));
  return OnEvent(object, frame, event, argument);
}

TraceFunction g_function = OnEvent;

// Where the state's flag is, whether tracing is on.
void* TracingFlag(void* thread_state) {
  void* holder = thread_state;
  if (g_source.layout.c_frame != 0)
    holder = LoadField<void*>(thread_state, g_source.layout.c_frame);
  return static_cast<char*>(holder) + g_source.layout.use_tracing;
}

void SetTraceFunction(void* thread_state) {
  StoreField(thread_state, g_source.layout.trace_object, static_cast<void*>(nullptr));
  StoreField(thread_state, g_source.layout.trace_function, reinterpret_cast<void*>(g_function));
  std::memcpy(TracingFlag(thread_state), &g_use_tracing, g_source.layout.use_tracing_size);
}

}  // namespace

const char* StartTraceFunction(const FrameLayout& layout, bool verbose) {
  if (verbose) g_function = OnVerboseEvent;
  if (PyEval_SetTrace == nullptr) return "this Python has no trace function";
  g_source = {TraceFunctionLayoutOf(layout.minor), layout};
  PyEval_SetTrace(g_function, nullptr);
  void* const thread_state = PyGILState_GetThisThreadState();
  if (LoadField<void*>(thread_state, g_source.layout.trace_function) !=
      reinterpret_cast<void*>(g_function)) {
    PyEval_SetTrace(nullptr, nullptr);
    return "this Python's thread state is not as expected";
  }
  std::memcpy(&g_use_tracing, TracingFlag(thread_state), g_source.layout.use_tracing_size);
  g_interpreter = LoadField<void*>(thread_state, g_source.frames.thread_interpreter);
  return nullptr;
}

void CheckTraceFunction() {
  if (g_interpreter == nullptr || !IsTracing()) return;
  void* const thread_state = PyGILState_GetThisThreadState();
  if (LoadField<void*>(thread_state, g_source.layout.trace_function) == nullptr) {
    PyEval_SetTrace(g_function, nullptr);
  }
}

void TraceNewThread(void* thread_state) {
  if (g_interpreter == nullptr || !IsTracing() ||
      LoadField<void*>(thread_state, g_source.frames.thread_interpreter) != g_interpreter ||
      LoadField<void*>(thread_state, g_source.layout.trace_function) != nullptr) {
    return;
  }
  SetTraceFunction(thread_state);
}

}  // namespace lineprof
