// The frame that an event of sys.monitoring (3.12+) comes from: what the calling thread runs now.
//
// Read from the interpreter's own structures by g_code_reading.layout, since callbacks are told of
// code and line only. GIL: held. THREAD: any. SIGNAL-SAFE: no.
#ifndef LINEPROF_AGENT_TRACING_MONITORING_FRAME_H_
#define LINEPROF_AGENT_TRACING_MONITORING_FRAME_H_

#include <cstdint>
#include <cstring>

#include "agent/python_api.h"
#include "agent/tracing/traced_code.h"

namespace lineprof {

template <typename T>
T LoadAt(uint64_t address, uint32_t offset = 0) {
  T value;
  std::memcpy(&value, reinterpret_cast<const char*>(address) + offset, sizeof(T));
  return value;
}

// The innermost frame of the calling thread.
inline uint64_t CurrentFrame() {
  const FrameLayout& layout = g_code_reading.layout;
  void* const state = PyThreadState_GetUnchecked != nullptr ? PyThreadState_GetUnchecked()
                                                            : _PyThreadState_UncheckedGet();
  const auto first = LoadAt<uint64_t>(reinterpret_cast<uint64_t>(state), layout.thread_frame);
  if (layout.kind == FrameKind::kCurrentFrame) return first;
  return LoadAt<uint64_t>(first, layout.cframe_current);
}

// The frame that called `frame`, past those that run no Python code; 0 if there is none.
inline uint64_t CallerOf(uint64_t frame) {
  const FrameLayout& layout = g_code_reading.layout;
  do {
    frame = LoadAt<uint64_t>(frame, layout.frame_previous);
  } while (frame != 0 && LoadAt<uint8_t>(frame, layout.frame_owner) >= layout.first_shim_owner);
  return frame;
}

// The code unit of `code` that `frame`, which runs it, is at.
inline uint64_t UnitOf(uint64_t frame, uint64_t code) {
  const FrameLayout& layout = g_code_reading.layout;
  const auto at = LoadAt<uint64_t>(frame, layout.frame_instruction);
  return (at - code - layout.code_instructions) / 2;
}

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_MONITORING_FRAME_H_
