// Where 3.8 to 3.11 keep what tracing needs, beside frame_layout.h: fields of the thread state and
// of frame objects.
//
// From Include/cpython/pystate.h and frameobject.h, and for tracing_possible
// Include/internal/pycore_ceval.h and pycore_interp.h, of 3.8.18, 3.9.18, 3.10.13 and 3.11.7
// (offsetof on x86-64). Those versions are frozen. GIL: held, or the own thread state before it
// runs.
#ifndef LINEPROF_AGENT_TRACING_TRACE_FUNCTION_LAYOUT_H_
#define LINEPROF_AGENT_TRACING_TRACE_FUNCTION_LAYOUT_H_

#include <cstdint>
#include <cstring>

#include "pyruntime/frame_layout.h"

namespace lineprof {

struct TraceFunctionLayout {
  uint32_t trace_function = 0;    // PyThreadState
  uint32_t profile_function = 0;  // the same
  uint32_t trace_object = 0;      // the same
  uint32_t use_tracing = 0;       // the same; 3.10, 3.11: of the C frame at `c_frame`
  uint32_t c_frame = 0;           // 0: there is none
  uint32_t use_tracing_size = 0;
  uint32_t line = 0;         // PyFrameObject
  uint32_t inner_frame = 0;  // 3.11: PyFrameObject -> _PyInterpreterFrame; else 0
  // 3.8, 3.9: the interpreter's count of traced threads, in _PyRuntime or PyInterpreterState.
  uint32_t tracing_possible = 0;
  uint32_t eval_frame = 0;  // 3.8: PyInterpreterState; later there is a function to set it
  uint32_t code_flags = 0;  // 3.11: PyCodeObject
};

// REQUIRES: minor is 8 to 11.
constexpr TraceFunctionLayout TraceFunctionLayoutOf(int minor) {
  switch (minor) {
    case 8:
      return {64, 56, 80, 48, 0, 4, 108, 0, 588, 568, 0};
    case 9:
      return {64, 56, 80, 48, 0, 4, 108, 0, 68, 0, 0};
    case 10:
      return {64, 56, 80, 0, 48, 4, 100, 0, 0, 0, 0};
    default:
      return {72, 64, 88, 0, 56, 1, 40, 24, 0, 0, 48};
  }
}

// Events of a C trace function (Include/cpython/pystate.h: PyTrace_CALL ...), and their names.
enum TraceEvent { kTraceCall = 0, kTraceException = 1, kTraceLine = 2, kTraceReturn = 3 };
inline const char* TraceEventName(int event) {
  constexpr const char* kNames[] = {"call", "exception", "line", "return"};
  return event >= kTraceCall && event <= kTraceReturn ? kNames[event] : nullptr;
}

using TraceFunction = int (*)(void* object, void* frame, int event, void* argument);

template <typename T>
T LoadField(const void* object, uint32_t offset) {
  T value;
  std::memcpy(&value, static_cast<const char*>(object) + offset, sizeof(T));
  return value;
}

template <typename T>
void StoreField(void* object, uint32_t offset, T value) {
  std::memcpy(static_cast<char*>(object) + offset, &value, sizeof(T));
}

// The code unit of a frame object's current instruction; -1: before the first.
inline int64_t CurrentUnit(const TraceFunctionLayout& layout, const FrameLayout& frames,
                           const void* frame) {
  if (layout.inner_frame == 0) {
    const auto last = LoadField<int32_t>(frame, frames.frame_instruction);
    return frames.instruction_in_units || last < 0 ? last : last / 2;
  }
  const auto* const inner = LoadField<const void*>(frame, layout.inner_frame);
  const auto code = LoadField<uint64_t>(inner, frames.frame_code);
  const auto at = LoadField<uint64_t>(inner, frames.frame_instruction);
  return (static_cast<int64_t>(at - code) - static_cast<int64_t>(frames.code_instructions)) / 2;
}

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_TRACE_FUNCTION_LAYOUT_H_
