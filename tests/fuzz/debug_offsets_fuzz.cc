// Throws bytes at those who believe an interpreter's `_Py_DebugOffsets`, and holds against what
// they let pass that a reader's buffers are large enough for it.
//
// An input: a byte that chooses the version, then the start of `_PyRuntime`.
#include <span>

#include "fuzz/fuzz_check.h"
#include "pyruntime/frame_layout.h"
#include "pyruntime/object_layout.h"
#include "pyruntime/runtime_layout.h"

namespace lineprof {
namespace {

void CheckFrames(const FrameLayout& layout) {
  fuzz::Check(layout.frame_size <= FrameLayout::kMaxFrameSize, "a frame fits a reader's buffer");
  for (const uint32_t field :
       {layout.frame_previous, layout.frame_code, layout.frame_instruction}) {
    fuzz::Check(field + sizeof(uint64_t) <= layout.frame_size, "a frame's fields lie in it");
  }
  fuzz::Check(layout.frame_owner < layout.frame_size, "a frame's owner lies in it");
  for (const uint32_t field : {layout.code_filename, layout.code_name, layout.code_qualname,
                               layout.code_line_table, layout.code_first_line}) {
    fuzz::Check(field + sizeof(uint32_t) <= layout.code_size, "a code object's fields lie in it");
  }
  fuzz::Check(layout.code_instructions >= layout.code_size, "instructions are behind the fields");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr int kFirst = 12;  // has none: must be refused
  constexpr int kVersions = 5;
  if (size == 0) return 0;
  const int minor = kFirst + data[0] % kVersions;
  const std::span<const std::byte> runtime = std::as_bytes(std::span(data + 1, size - 1));
  const Result<FrameLayout> frames = LayoutFromDebugOffsets(runtime, 3, minor);
  if (frames.ok()) CheckFrames(frames.value());
  if (frames.ok()) (void)RuntimeLayoutFromDebugOffsets(runtime, minor).ok();
  (void)FindObjectLayout(minor, runtime).ok();
  return 0;
}

}  // namespace lineprof
