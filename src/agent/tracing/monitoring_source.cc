// The events of 3.12 and newer: sys.monitoring with C callbacks, under a tool id of lineprof's own.
//
// A Python trace function of these versions is served from the same events
// (Python/legacy_tracing.c), so the counts follow from it: LINE is a line's start; a JUMP backwards
// to the same line is one too (a loop on one line), and any other jump is turned off where it
// stands; PY_START, PY_RESUME and PY_THROW are calls; PY_RETURN, PY_YIELD and PY_UNWIND leave the
// frame. Frames are told apart by their code object.
#include "agent/tracing/event_source.h"
#include "agent/tracing/machine.h"
#include "agent/tracing/monitoring_api.h"
#include "agent/tracing/traced_code.h"
#include "agent/tracing/tracer.h"
#include "agent/tracing/verbose_monitoring.h"

namespace lineprof {
namespace {

// The event is not of the frame on top: some went missing. Gives the thread if it is now, else
// null.
[[gnu::noinline]] TraceThread* Realign(const void* code, uint64_t now, bool may_enter) {
  TraceThread* thread = t_trace;
  if (thread == nullptr) thread = AttachTraceThread(now);
  if (thread == nullptr || ReturnToFrame(thread, AddressOf(code), now)) return thread;
  if (!may_enter) return nullptr;
  EnterFrame(thread, AddressOf(code), CodeAt(AddressOf(code))->counters, 0, false, now);
  return thread->top->key == AddressOf(code) ? thread : nullptr;
}

inline bool IsInFrameOf(const TraceThread* thread, const void* code) {
  return __builtin_expect(thread != nullptr && thread->top->key == AddressOf(code), 1);
}

// Apart, so that the fast path has nothing to save across calls.
[[gnu::noinline]] void* CountFarLine(TraceThread* thread, const void* code, uint32_t line,
                                     uint64_t now) {
  StartFarLine(thread, CodeAt(AddressOf(code)), line, now);
  return MonitoringNone();
}
[[gnu::noinline]] void* RealignAndStartLine(const void* code, uint32_t line, uint64_t now) {
  TraceThread* const thread = Realign(code, now, true);
  if (thread == nullptr) return MonitoringNone();
  if (MaySearch(*thread->top, line)) return CountFarLine(thread, code, line, now);
  StartLine(thread, line, now);
  return MonitoringNone();
}
[[gnu::noinline]] void* RealignAndLeave(const void* code, uint64_t now) {
  TraceThread* const thread = Realign(code, now, false);
  if (thread != nullptr && thread->depth > 0) LeaveFrame(thread, now);
  return MonitoringNone();
}

inline void* CountLine(void* const* arguments, uint64_t now) {
  const uint32_t line = SmallInt(arguments[1]);
  TraceThread* const thread = t_trace;
  if (!IsInFrameOf(thread, arguments[0])) return RealignAndStartLine(arguments[0], line, now);
  if (MaySearch(*thread->top, line)) {
    return CountFarLine(thread, arguments[0], line, now);
  }
  StartLine(thread, line, now);
  return MonitoringNone();
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

[[gnu::noinline]] void* CountFarJump(TraceThread* thread, void* const* arguments, uint32_t line,
                                     uint64_t now) {
  StartFarLineAgain(thread, CodeAt(AddressOf(arguments[0])), line, SmallInt(arguments[1]),
                    SmallInt(arguments[2]), now);
  return MonitoringNone();
}

inline void* CountJump(void* const* arguments, uint64_t now) {
  const uint32_t from = SmallInt(arguments[1]);
  KnownJump& jump = g_jumps[(AddressOf(arguments[0]) >> 4 ^ from) % kKnownJumps];
  if (jump.code != arguments[0] || jump.from != from || jump.generation != g_code_generation) {
    const uint32_t to = SmallInt(arguments[2]);
    if (to >= from) return MonitoringDisable();
    if (!IsTracing()) return MonitoringNone();
    const TracedCode* const code = CodeAt(AddressOf(arguments[0]));
    const uint32_t line = code->LineAt(to);
    if (line == 0 || line != code->LineAt(from)) return MonitoringDisable();
    jump = {arguments[0], from, g_code_generation, line};
  }
  TraceThread* const thread = t_trace;
  if (!IsInFrameOf(thread, arguments[0])) {
    return RealignAndStartLine(arguments[0], jump.line, now);
  }
  if (MaySearch(*thread->top, jump.line)) {
    return CountFarJump(thread, arguments, jump.line, now);
  }
  StartLine(thread, jump.line, now, g_trace.costs.jump);
  return MonitoringNone();
}

// The calling thread's; null where nothing is traced (now).
inline TraceThread* CurrentThread(uint64_t now) {
  TraceThread* const thread = t_trace;
  return __builtin_expect(thread != nullptr, 1) ? thread : AttachTraceThread(now);
}

inline void* CountStart(void* const* arguments, uint64_t now) {
  TraceThread* const thread = CurrentThread(now);
  if (thread == nullptr) return MonitoringNone();
  TracedCode* const code = CodeAt(AddressOf(arguments[0]));
  if (__builtin_expect(!code->start_known, 0)) {
    code->start_line = code->LineAt(SmallInt(arguments[1]));
    code->start_known = true;
  }
  EnterFrame(thread, code->address, code->counters, code->start_line, true, now);
  return MonitoringNone();
}

inline void* CountResume(void* const* arguments, uint64_t now) {
  TraceThread* const thread = CurrentThread(now);
  if (thread == nullptr) return MonitoringNone();
  TracedCode* const code = CodeAt(AddressOf(arguments[0]));
  const uint32_t instruction = SmallInt(arguments[1]);
  const uint32_t line = code->LineAt(instruction);
  EnterFrame(thread, code->address, code->counters, line, true, now);
  if (MaySearch(*thread->top, line)) ResumeFarCode(thread, code, instruction);
  return MonitoringNone();
}

inline void* CountLeave(void* const* arguments, uint64_t now) {
  TraceThread* const thread = t_trace;
  if (!IsInFrameOf(thread, arguments[0])) return RealignAndLeave(arguments[0], now);
  LeaveFrame(thread, now);
  return MonitoringNone();
}

using Count = void* (*)(void* const* arguments, uint64_t now);

// Apart, so that the fast path has nothing to save across calls.
template <Count kCount>
[[gnu::noinline]] void* LookAndCount(void* const* arguments, uint64_t now) {
  return kCount(arguments, LookAtMachine(t_trace, now));
}

// A callback that counts an event.
template <Count kCount>
void* On(void*, void* const* arguments, ptrdiff_t) {
  const uint64_t now = TraceTicks();
  return IsLookDue(now) ? LookAndCount<kCount>(arguments, now) : kCount(arguments, now);
}

Subscription g_subscriptions[] = {
    {"LINE", {"line", On<CountLine>, kFastCall, nullptr}, PrintLine<On<CountLine>>},
    {"JUMP", {"jump", On<CountJump>, kFastCall, nullptr}, nullptr},
    {"PY_START", {"start", On<CountStart>, kFastCall, nullptr}, PrintCall<On<CountStart>>},
    {"PY_RESUME", {"resume", On<CountResume>, kFastCall, nullptr}, PrintCall<On<CountResume>>},
    {"PY_THROW", {"throw", On<CountResume>, kFastCall, nullptr}, PrintCall<On<CountResume>>},
    {"PY_RETURN", {"return", On<CountLeave>, kFastCall, nullptr}, PrintReturn<On<CountLeave>>},
    {"PY_YIELD", {"yield", On<CountLeave>, kFastCall, nullptr}, PrintReturn<On<CountLeave>>},
    {"PY_UNWIND", {"unwind", On<CountLeave>, kFastCall, nullptr}, PrintReturn<On<CountLeave>>},
};

}  // namespace

const char* StartMonitoring(bool verbose) {
  const int tool = ClaimMonitoringTool();
  if (tool < 0) return "no tool id of sys.monitoring is free";
  const long events = Subscribe(tool, g_subscriptions, verbose);
  const bool on = events != 0 && SetMonitoringEvents(tool, events);
  return on ? nullptr : "sys.monitoring does not give its events";
}

}  // namespace lineprof
