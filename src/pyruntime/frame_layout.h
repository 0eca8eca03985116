// Where CPython keeps what a stack walk needs: byte offsets into its structs, for one interpreter.
//
// 3.8 to 3.12: a table, taken from the interpreters' own headers (Include/cpython/code.h,
// Include/cpython/pystate.h, Include/internal/pycore_frame.h). 3.13 and newer: read from the
// `_Py_DebugOffsets` that those interpreters carry at the start of `_PyRuntime`
// (Include/internal/pycore_debug_offsets.h; pycore_runtime.h in 3.13), each offset checked before
// it is believed. It says where fields are, not how to follow them: that is the frame walker.
// x86-64 and other LP64 platforms, GIL builds only.
//
// A FrameLayout is a value without pointers: reading one is SIGNAL-SAFE. Making one is not (errors
// allocate). THREAD: any. GIL: not needed.
#ifndef LINEPROF_PYRUNTIME_FRAME_LAYOUT_H_
#define LINEPROF_PYRUNTIME_FRAME_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "lineprof/result.h"

namespace lineprof {

enum class FrameKind : uint32_t {
  kFrameObject,   // 3.8-3.10: a chain of PyFrameObject
  kCFrame,        // 3.11, 3.12: tstate->cframe->current_frame, _PyInterpreterFrame
  kCurrentFrame,  // 3.13+: tstate->current_frame, _PyInterpreterFrame
};

struct FrameLayout {
  FrameKind kind = FrameKind::kCurrentFrame;
  int major = 0;
  int minor = 0;

  // PyThreadState
  uint32_t thread_prev = 0;
  uint32_t thread_next = 0;
  uint32_t thread_interpreter = 0;
  uint32_t thread_id = 0;          // pthread_self() of its thread
  uint32_t thread_frame = 0;       // frame, cframe or current_frame, by `kind`
  uint32_t thread_data_chunk = 0;  // datastack_chunk; kCFrame and kCurrentFrame

  // _PyCFrame (kCFrame)
  uint32_t cframe_current = 0;
  uint32_t cframe_previous = 0;

  // _PyStackChunk: {previous, size in bytes of the whole chunk, top, data[]}; the same since 3.11
  static constexpr uint32_t kChunkSize = 8;

  // The frame. A reader's buffer of kMaxFrameSize bytes is enough for any layout made here.
  static constexpr uint32_t kMaxFrameSize = 160;
  uint32_t frame_size = 0;         // bytes that a walk reads of one: holds all fields below
  uint32_t frame_previous = 0;     // f_back or previous
  uint32_t frame_code = 0;         // f_code or f_executable
  uint32_t frame_instruction = 0;  // f_lasti (int), prev_instr or instr_ptr (pointer)
  uint32_t frame_owner = 0;        // char; kCFrame and kCurrentFrame
  // Owners (enum _frameowner) of frames that run no Python code of their own are >= this.
  uint32_t first_shim_owner = 0;
  // f_lasti counts code units (3.10) rather than bytes.
  bool instruction_in_units = false;
  uint64_t code_pointer_mask = ~uint64_t{0};  // clears the tag bits of f_executable (3.14+)

  // PyCodeObject
  // Bytes that a walk reads of one: holds all fields below but co_code_adaptive, of which only the
  // address matters.
  uint32_t code_size = 0;
  uint32_t code_filename = 0;
  uint32_t code_name = 0;
  uint32_t code_qualname = 0;  // 0: has none (before 3.11)
  uint32_t code_first_line = 0;
  uint32_t code_line_table = 0;
  // co_code (pointer to a bytes object; kFrameObject) or co_code_adaptive (the code itself).
  uint32_t code_instructions = 0;

  // Objects
  static constexpr uint32_t kObjectType = 8;
  static constexpr uint32_t kVarObjectSize = 16;
  static constexpr uint32_t kBytesData = 32;
  static constexpr uint32_t kUnicodeLength = 16;
  static constexpr uint32_t kUnicodeState = 32;
  uint32_t ascii_data = 0;    // where the text of a compact ASCII str starts
  uint32_t unicode_data = 0;  // where the text of any other compact str starts
};

// The layout of CPython 3.8 to 3.12. Fails for any other version.
Result<FrameLayout> LayoutFromTable(int major, int minor);

// The layout that `runtime` tells: the bytes at the start of `_PyRuntime`, at least
// kDebugOffsetsBytes of them where so many are readable. For 3.13+; a version newer than those
// known is tried with the newest known shape and must pass the same checks. Fails, naming the first
// reason, on a wrong cookie, another version than `major`.`minor`, a free-threaded build, or an
// offset out of range.
Result<FrameLayout> LayoutFromDebugOffsets(std::span<const std::byte> runtime, int major,
                                           int minor);

inline constexpr size_t kDebugOffsetsBytes = 1024;

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_FRAME_LAYOUT_H_
