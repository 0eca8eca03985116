// The events of 3.12 and newer: sys.monitoring with C callbacks, under a tool id of lineprof's own.
//
// A Python trace function of these versions is served from the same events
// (Python/legacy_tracing.c), so the counts follow from it: LINE is a line's start; a JUMP backwards
// to the same line is one too (a loop on one line), and any other jump is turned off where it
// stands; PY_START, PY_RESUME and PY_THROW are calls; PY_RETURN, PY_YIELD and PY_UNWIND leave the
// frame. Frames are told apart by their code object.
#include <cstring>

#include "agent/python_api.h"
#include "agent/tracing/event_source.h"
#include "agent/tracing/python_object.h"
#include "agent/tracing/traced_code.h"
#include "agent/tracing/tracer.h"

namespace lineprof {
namespace {

constexpr int kFirstTool = 4;  // not one of those that have a meaning: 0, 1, 2 and 5
constexpr int kTools = 6;

void* g_disable = nullptr;  // sys.monitoring.DISABLE

// METH_FASTCALL.
using Callback = void* (*)(void* self, void* const* arguments, ptrdiff_t count);
constexpr int kFastCall = 0x80;
struct CallbackDefinition {
  const char* name;
  Callback function;
  int flags;
  const char* doc;
};

inline void* None() { return _Py_NoneStruct; }  // immortal since 3.12: no reference is counted

// The value of a small positive int (PyLongObject: lv_tag, then digits of 30 bits).
inline uint32_t SmallInt(const void* number) {
  constexpr size_t kFirstDigit = 24;
  uint32_t digit;
  std::memcpy(&digit, static_cast<const char*>(number) + kFirstDigit, sizeof(digit));
  return digit;
}

uint64_t Address(const void* object) { return reinterpret_cast<uint64_t>(object); }

// The event is not of the frame on top: some went missing. Gives the thread if it is now, else
// null.
[[gnu::noinline]] TraceThread* Realign(const void* code, uint64_t now, bool may_enter) {
  TraceThread* thread = t_trace;
  if (thread == nullptr) thread = AttachTraceThread(now);
  if (thread == nullptr || ReturnToFrame(thread, Address(code), now)) return thread;
  if (!may_enter) return nullptr;
  EnterFrame(thread, Address(code), CodeAt(Address(code))->counters, 0, false, now);
  return thread->top->key == Address(code) ? thread : nullptr;
}

inline TraceThread* ThreadIn(const void* code, uint64_t now, bool may_enter) {
  TraceThread* const thread = t_trace;
  if (__builtin_expect(thread != nullptr && thread->top->key == Address(code), 1)) return thread;
  return Realign(code, now, may_enter);
}

void* OnLine(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = TraceTicks();
  TraceThread* const thread = ThreadIn(arguments[0], now, true);
  if (__builtin_expect(thread != nullptr, 1)) StartLine(thread, SmallInt(arguments[1]), now);
  return None();
}

// Backward jumps that stay on their line, of the generation of code objects.
struct KnownJump {
  const void* code;
  uint32_t from;
  uint32_t generation;
  uint32_t line;
};
constexpr size_t kKnownJumps = 256;  // a power of two
KnownJump g_jumps[kKnownJumps];

void* OnJump(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = TraceTicks();
  const uint32_t from = SmallInt(arguments[1]);
  KnownJump& jump = g_jumps[(Address(arguments[0]) >> 4 ^ from) % kKnownJumps];
  if (jump.code != arguments[0] || jump.from != from || jump.generation != g_code_generation) {
    const uint32_t to = SmallInt(arguments[2]);
    if (to >= from) return NewReference(g_disable);
    if (!IsTracing()) return None();
    const TracedCode* const code = CodeAt(Address(arguments[0]));
    const uint32_t line = code->LineAt(to);
    if (line == 0 || line != code->LineAt(from)) return NewReference(g_disable);
    jump = {arguments[0], from, g_code_generation, line};
  }
  TraceThread* const thread = ThreadIn(arguments[0], now, true);
  if (thread != nullptr) StartLine(thread, jump.line, now);
  return None();
}

// The calling thread's; null where nothing is traced (now).
inline TraceThread* CurrentThread(uint64_t now) {
  TraceThread* const thread = t_trace;
  return __builtin_expect(thread != nullptr, 1) ? thread : AttachTraceThread(now);
}

void* OnStart(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = TraceTicks();
  TraceThread* const thread = CurrentThread(now);
  if (thread == nullptr) return None();
  TracedCode* const code = CodeAt(Address(arguments[0]));
  if (__builtin_expect(!code->start_known, 0)) {
    code->start_line = code->LineAt(SmallInt(arguments[1]));
    code->start_known = true;
  }
  EnterFrame(thread, code->address, code->counters, code->start_line, true, now);
  return None();
}

void* OnResume(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = TraceTicks();
  TraceThread* const thread = CurrentThread(now);
  if (thread == nullptr) return None();
  const TracedCode* const code = CodeAt(Address(arguments[0]));
  const uint32_t line = code->LineAt(SmallInt(arguments[1]));
  EnterFrame(thread, code->address, code->counters, line, true, now);
  return None();
}

void* OnLeave(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = TraceTicks();
  TraceThread* const thread = ThreadIn(arguments[0], now, false);
  if (thread != nullptr && thread->depth > 0) LeaveFrame(thread, now);
  return None();
}

struct Subscription {
  const char* event;
  CallbackDefinition definition;
};
Subscription g_subscriptions[] = {
    {"LINE", {"line", OnLine, kFastCall, nullptr}},
    {"JUMP", {"jump", OnJump, kFastCall, nullptr}},
    {"PY_START", {"start", OnStart, kFastCall, nullptr}},
    {"PY_RESUME", {"resume", OnResume, kFastCall, nullptr}},
    {"PY_THROW", {"throw", OnResume, kFastCall, nullptr}},
    {"PY_RETURN", {"return", OnLeave, kFastCall, nullptr}},
    {"PY_YIELD", {"yield", OnLeave, kFastCall, nullptr}},
    {"PY_UNWIND", {"unwind", OnLeave, kFastCall, nullptr}},
};

// A free tool id; -1 if there is none.
int ClaimTool(const PythonObject& monitoring) {
  const PythonObject use = monitoring.Attribute("use_tool_id");
  for (int i = 0; i < kTools; ++i) {
    const int tool = (kFirstTool + kTools - i) % kTools;
    if (use.Call({PyLong_FromLong(tool), PyUnicode_FromString("lineprof")})) return tool;
    PyErr_Clear();
  }
  return -1;
}

// Registers a callback; gives the event's bit, 0 on failure.
long Subscribe(const PythonObject& monitoring, int tool, Subscription* subscription) {
  const PythonObject event = monitoring.Attribute("events").Attribute(subscription->event);
  if (!event) return 0;
  const PythonObject done =
      monitoring.Attribute("register_callback")
          .Call({PyLong_FromLong(tool), NewReference(event.get()),
                 PyCFunction_NewEx(&subscription->definition, nullptr, nullptr)});
  return done ? PyLong_AsLong(event.get()) : 0;
}

}  // namespace

const char* StartMonitoring(const FrameLayout&) {
  const PythonObject monitoring(NewReference(PySys_GetObject("monitoring")));
  if (!monitoring) return "this Python has no sys.monitoring";
  const PythonObject probe(PyLong_FromLong(1234567));
  if (!probe || SmallInt(probe.get()) != 1234567) return "this Python's int is not as expected";
  const int tool = ClaimTool(monitoring);
  if (tool < 0) return "no tool id of sys.monitoring is free";
  g_disable = monitoring.Attribute("DISABLE").Release();
  long events = 0;
  for (Subscription& subscription : g_subscriptions) {
    const long event = Subscribe(monitoring, tool, &subscription);
    if (event == 0) return "sys.monitoring does not take a callback";
    events |= event;
  }
  const PythonObject set =
      monitoring.Attribute("set_events").Call({PyLong_FromLong(tool), PyLong_FromLong(events)});
  return set ? nullptr : "sys.monitoring does not give events";
}

}  // namespace lineprof
