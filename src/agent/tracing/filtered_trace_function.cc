// The events of 3.8 to 3.11 where only some code is counted: tracing is on in its frames alone.
//
// The interpreter's frame evaluation function (PEP 523) is stood in front of. It sees each frame
// start and end, whoever calls it and in whichever thread, and turns the thread's trace function on
// for a frame of counted code and off for any other, so that the rest of the program runs as it
// does without. A frame that is not counted, but called by one that is, has a (call) row.
//
// It is put there when code to be counted first appears (an audit event before each module's code;
// the decorator), so that a run in which none does is not slowed at all.
//
// On 3.11 the interpreter no longer runs Python calls within one C frame while such a function is
// set: a little slower, and very deep recursion takes C stack.
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
int* g_tracing_possible = nullptr;
void* g_interpreter = nullptr;

// What the frame evaluation functions of all versions have in common. Before 3.11 the frame is a
// frame object, from then on the interpreter's own; its address is its key.
struct Evaluation {
  void* thread_state;
  void* frame;
  int throwing;
  void* Run() const {
    if (g_source.frames.minor == 8) {
      void* const standard = reinterpret_cast<void*>(&_PyEval_EvalFrameDefault);
      const auto evaluate = reinterpret_cast<void* (*)(void*, int)>(standard);
      return evaluate(frame, throwing);
    }
    return _PyEval_EvalFrameDefault(thread_state, frame, throwing);
  }
};

TraceFunction g_function = nullptr;

void* OwnTraceFunction() { return reinterpret_cast<void*>(g_function); }

// Turns the thread's tracing on or off for the frames to come. Does nothing where the program has a
// trace function of its own. Gives how it was.
bool SwitchTracing(void* thread_state, bool on) {
  void* const now = LoadField<void*>(thread_state, g_source.layout.trace_function);
  const bool was_on = now == OwnTraceFunction();
  if (was_on == on || (now != nullptr && !was_on)) return on;
  StoreField(thread_state, g_source.layout.trace_function, on ? OwnTraceFunction() : nullptr);
  StoreField(thread_state, g_source.layout.trace_object, static_cast<void*>(nullptr));
  void* holder = thread_state;
  if (g_source.layout.c_frame != 0)
    holder = LoadField<void*>(thread_state, g_source.layout.c_frame);
  const bool profiles = LoadField<void*>(thread_state, g_source.layout.profile_function) != nullptr;
  const uint32_t flag = on || profiles ? g_use_tracing : 0;
  std::memcpy(static_cast<char*>(holder) + g_source.layout.use_tracing, &flag,
              g_source.layout.use_tracing_size);
  if (g_tracing_possible != nullptr) *g_tracing_possible += on ? 1 : -1;
  return was_on;
}

// The frame of an event, as the evaluation function has it.
uint64_t KeyOf(void* frame) {
  if (g_source.layout.inner_frame != 0)
    frame = LoadField<void*>(frame, g_source.layout.inner_frame);
  return reinterpret_cast<uint64_t>(frame);
}

uint64_t CodeOf(uint64_t frame) {
  return LoadField<uint64_t>(reinterpret_cast<void*>(frame), g_source.frames.frame_code);
}
uint64_t CallerOf(uint64_t frame) {
  return LoadField<uint64_t>(reinterpret_cast<void*>(frame), g_source.frames.frame_previous);
}

// The frame that the evaluation is called from. 3.11 links the new one to it only later.
uint64_t CallingFrame(const Evaluation& evaluation) {
  if (g_source.frames.kind == FrameKind::kFrameObject) {
    return CallerOf(reinterpret_cast<uint64_t>(evaluation.frame));
  }
  const void* const c_frame =
      LoadField<void*>(evaluation.thread_state, g_source.frames.thread_frame);
  return LoadField<uint64_t>(c_frame, g_source.frames.cframe_current);
}

bool Realign(TraceThread* thread, void* frame, uint64_t now) {
  return ReturnToFrame(thread, KeyOf(frame), now);
}

// Of counted frames only: tracing is off in others.
int OnEvent(void*, void* frame, int event, void*) {
  uint64_t now = TraceTicks();
  if (IsLookDue(now)) now = LookAtMachine(t_trace, now);
  TraceThread* const thread = t_trace;
  if (thread == nullptr) return 0;
  const uint64_t key = KeyOf(frame);
  if (event == kTraceCall) {
    const bool has_caller = thread->top->key == CallerOf(key);
    EnterInFrame(thread, g_source, frame, key, CodeAt(CodeOf(key))->counters, has_caller, now);
  } else {
    CountInFrame(thread, g_source, frame, key, event, now, Realign);
  }
  return 0;
}

int OnVerboseEvent(void* object, void* frame, int event, void* argument) {
  const char* const name = TraceEventName(event);
  if (name != nullptr) {
    PrintEvent(name, CodeOf(KeyOf(frame)), LoadField<uint32_t>(frame, g_source.layout.line));
  }
  return OnEvent(object, frame, event, argument);
}

void* RunSwitched(const Evaluation& evaluation, bool on) {
  const bool was_on = SwitchTracing(evaluation.thread_state, on);
  void* const result = evaluation.Run();
  if (was_on != on) SwitchTracing(evaluation.thread_state, was_on);
  return result;
}

// 3.11 evaluates a frame to make a generator of it: that is no call of its code.
bool MakesGenerator(const Evaluation& evaluation, const TracedCode& code) {
  if (g_source.layout.code_flags == 0) return false;
  constexpr uint32_t kGenerators = 0x20 | 0x80 | 0x200;  // Include/cpython/code.h
  const void* const object = reinterpret_cast<void*>(code.address);
  const auto instruction = LoadField<uint64_t>(evaluation.frame, g_source.frames.frame_instruction);
  return (LoadField<uint32_t>(object, g_source.layout.code_flags) & kGenerators) != 0 &&
         instruction < code.address + g_source.frames.code_instructions;
}

// Code that is not counted: its calls from counted code are.
void* RunUncounted(const Evaluation& evaluation, TraceThread* thread, const TracedCode& code,
                   uint64_t now) {
  const auto key = reinterpret_cast<uint64_t>(evaluation.frame);
  if (thread->top->lines == nullptr || thread->top->key != CallingFrame(evaluation) ||
      MakesGenerator(evaluation, code)) {
    return RunSwitched(evaluation, false);
  }
  EnterFrame(thread, key, code.counters, 0, true, now);
  void* const result = RunSwitched(evaluation, false);
  const uint64_t end = TraceTicks();
  if (t_trace == thread && (thread->top->key == key || ReturnToFrame(thread, key, end))) {
    LeaveFrame(thread, end);
  }
  return result;
}

void* Evaluate(const Evaluation& evaluation) {
  const uint64_t now = TraceTicks();
  TraceThread* thread = t_trace;
  if (thread == nullptr) thread = AttachTraceThread(now);
  if (thread == nullptr) return evaluation.Run();
  const TracedCode* const code = CodeAt(CodeOf(reinterpret_cast<uint64_t>(evaluation.frame)));
  return code->counted ? RunSwitched(evaluation, true)
                       : RunUncounted(evaluation, thread, *code, now);
}

void* EvaluateFrame(void* thread_state, void* frame, int throwing) {
  return Evaluate({thread_state, frame, throwing});
}
void* EvaluateFrame38(void* frame, int throwing) {
  return Evaluate({PyGILState_GetThisThreadState(), frame, throwing});
}

// What PyEval_SetTrace does to the state of tracing, seen once from outside.
bool LearnTracing(void* thread_state) {
  if (g_source.layout.tracing_possible != 0) {
    char* const owner = g_source.frames.minor == 8 ? _PyRuntime : static_cast<char*>(g_interpreter);
    g_tracing_possible = reinterpret_cast<int*>(owner + g_source.layout.tracing_possible);
  }
  const int possible = g_tracing_possible == nullptr ? 0 : *g_tracing_possible;
  PyEval_SetTrace(g_function, nullptr);
  void* holder = thread_state;
  if (g_source.layout.c_frame != 0)
    holder = LoadField<void*>(thread_state, g_source.layout.c_frame);
  std::memcpy(&g_use_tracing, static_cast<char*>(holder) + g_source.layout.use_tracing,
              g_source.layout.use_tracing_size);
  const bool as_expected =
      LoadField<void*>(thread_state, g_source.layout.trace_function) == OwnTraceFunction() &&
      g_use_tracing != 0 && (g_tracing_possible == nullptr || *g_tracing_possible == possible + 1);
  PyEval_SetTrace(nullptr, nullptr);
  return as_expected;
}

bool CanSetEvaluation() {
  if (g_source.frames.minor != 8) return _PyInterpreterState_SetEvalFrameFunc != nullptr;
  return LoadField<void*>(g_interpreter, g_source.layout.eval_frame) ==
         reinterpret_cast<void*>(&_PyEval_EvalFrameDefault);
}

void SetEvaluation(bool own) {
  if (g_source.frames.minor == 8) {  // has no function for it
    void* const function = own ? reinterpret_cast<void*>(&EvaluateFrame38)
                               : reinterpret_cast<void*>(&_PyEval_EvalFrameDefault);
    StoreField(g_interpreter, g_source.layout.eval_frame, function);
  } else {
    _PyInterpreterState_SetEvalFrameFunc(g_interpreter,
                                         own ? EvaluateFrame : _PyEval_EvalFrameDefault);
  }
}

}  // namespace

const char* StartFilteredTraceFunction(const FrameLayout& layout, bool verbose) {
  g_function = verbose ? OnVerboseEvent : OnEvent;
  if (PyEval_SetTrace == nullptr || &_PyEval_EvalFrameDefault == nullptr) {
    return "this Python has no trace function";
  }
  g_source = {TraceFunctionLayoutOf(layout.minor), layout};
  void* const thread_state = PyGILState_GetThisThreadState();
  g_interpreter = LoadField<void*>(thread_state, layout.thread_interpreter);
  if (!LearnTracing(thread_state)) return "this Python's thread state is not as expected";
  if (!CanSetEvaluation()) return "frames are evaluated by somebody else";
  SetEvaluation(true);
  return nullptr;
}

void RestUntilCountedCode() {
  if (g_interpreter != nullptr) SetEvaluation(false);
}

void CountedCodeAppears() {
  if (g_interpreter != nullptr) SetEvaluation(true);
}

}  // namespace lineprof
