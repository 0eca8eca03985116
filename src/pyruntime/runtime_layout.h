// Where an interpreter keeps its threads: byte offsets from `_PyRuntime` to the thread states, and
// to the lock (GIL) that one of them holds.
//
// 3.8 to 3.12: a table, the offsetof()s of the interpreters' own headers
// (Include/internal/pycore_runtime.h, pycore_interp.h, pycore_gil.h; 3.8: pycore_pystate.h) on
// x86-64. 3.13 and newer: the `_Py_DebugOffsets` at the start of `_PyRuntime`, checked. Where a
// thread's frames are is frame_layout.h's. For those who look from outside the process; the agent
// asks the interpreter.
//
// A value without pointers. THREAD: any. GIL: not needed.
#ifndef LINEPROF_PYRUNTIME_RUNTIME_LAYOUT_H_
#define LINEPROF_PYRUNTIME_RUNTIME_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "lineprof/result.h"

namespace lineprof {

struct RuntimeLayout {
  uint32_t interpreters_head = 0;  // in _PyRuntime: the first PyInterpreterState

  // PyInterpreterState
  uint32_t interpreter_next = 0;
  uint32_t threads_head = 0;  // the first PyThreadState
  uint32_t system_dict = 0;   // the dict of module sys

  // The lock: struct _gil_runtime_state. Until 3.11 it lies in _PyRuntime, at `gil`; from 3.12 on
  // each interpreter has a pointer to its own, at `gil`.
  bool gil_is_per_interpreter = false;
  uint32_t gil = 0;
  uint32_t gil_holder = 0;  // in it: the PyThreadState that has or had it
  uint32_t gil_locked = 0;  // in it: int
};

// The layout of CPython 3.`minor`, 8 to 12. Fails for any other version.
Result<RuntimeLayout> RuntimeLayoutFromTable(int minor);

// The layout that `runtime` tells, the bytes at the start of `_PyRuntime` (kDebugOffsetsBytes of
// them). Fails on an offset that is out of range. REQUIRES: LayoutFromDebugOffsets took the same
// bytes.
Result<RuntimeLayout> RuntimeLayoutFromDebugOffsets(std::span<const std::byte> runtime, int minor);

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_RUNTIME_LAYOUT_H_
