// Walks the Python stack of a thread, innermost frame first, from its PyThreadState.
//
// The idea: every CPython keeps a linked list of frames, each with a code object and the
// instruction it is at. What differs is where the list starts and what else hangs in it:
// FrameLayout tells. A walk only reads, believes nothing it has not checked (a frame's code must be
// an object of the code type, its instruction must lie in the code), and ends at the first thing it
// cannot believe.
//
// The one dangerous place is the start of the list on 3.11 and 3.12. `tstate->cframe` points to a
// struct on the C stack of the eval loop being entered, a few instructions before that struct's
// `current_frame` is set: until then it holds whatever was there. So the C frames and the two
// innermost frames are read from the memory's Doubtful() source; and if what is there is no frame,
// the list of the C frame before is taken. (Reproduced: an unguarded walk crashes within seconds.)
//
// SIGNAL-SAFE: yes, if Memory is. THREAD: the walked thread itself, or any while that one is off
// the CPU; then the caller checks afterwards that it stayed off. GIL: not needed.
#ifndef LINEPROF_PYRUNTIME_FRAME_WALKER_H_
#define LINEPROF_PYRUNTIME_FRAME_WALKER_H_

#include <cstdint>
#include <utility>

#include "pyruntime/frame_layout.h"
#include "pyruntime/memory.h"

namespace lineprof {

struct RawFrame {
  uint64_t code = 0;        // address of the PyCodeObject
  int32_t instruction = 0;  // byte offset; -1: before the first
  uint64_t address = 0;     // of the frame
};

// Frames of one walk: the innermost ones in order, and of a stack deeper than that the outermost
// ones, which matter as much (who is it all for?), in a ring.
struct FrameBuffer {
  static constexpr uint32_t kInner = 1536;
  static constexpr uint32_t kOuter = 512;  // a power of two
  RawFrame inner[kInner];
  RawFrame outer[kOuter];
  uint32_t depth = 0;      // frames walked
  bool truncated = false;  // some are in neither part, or the walk gave up

  void Clear() {
    depth = 0;
    truncated = false;
  }
  void Add(const RawFrame& frame) {
    if (depth < kInner) {
      inner[depth] = frame;
    } else {
      outer[(depth - kInner) % kOuter] = frame;
      truncated |= depth - kInner >= kOuter;
    }
    ++depth;
  }
  // Frames kept, and the i-th of them, 0 being the outermost.
  uint32_t size() const { return depth <= kInner + kOuter ? depth : kInner + kOuter; }
  const RawFrame& FromOutermost(uint32_t i) const {
    const uint32_t ring = size() > kInner ? size() - kInner : 0;
    if (i < ring) return outer[(depth - kInner - 1 - i) % kOuter];
    return inner[size() - 1 - i];
  }
};

enum class WalkResult : uint32_t {
  kFrames,      // at least one frame
  kNoFrame,     // the thread runs no Python code
  kUnreadable,  // what should be the innermost frame is none
};

template <typename Memory>
class FrameWalker {
 public:
  // More frames, those that are passed over too, than any sane limit allows: a walk that long has
  // lost its way.
  static constexpr uint32_t kMaxDepth = 200'000;

  // `code_type`: address of the interpreter's PyCode_Type. `is_still`: false if the thread may have
  // run while its memory was copied. Where the stack begins and how much of it is in use need not
  // agree then, and what seems to be no frame is no reason to look further out: kUnreadable.
  FrameWalker(const Memory& memory, const FrameLayout& layout, uint64_t code_type,
              bool is_still = true)
      : memory_(memory),
        doubtful_(memory.Doubtful()),
        layout_(layout),
        code_type_(code_type),
        is_still_(is_still) {}

  // Fills `frames` with the stack of the thread at `thread_state`.
  WalkResult Walk(uint64_t thread_state, FrameBuffer* frames) const {
    frames->Clear();
    uint64_t start = 0;
    if (!ReadValue(memory_, thread_state + layout_.thread_frame, &start)) {
      return WalkResult::kUnreadable;
    }
    if (start == 0) return WalkResult::kNoFrame;
    if (layout_.kind != FrameKind::kCFrame) return WalkList(start, frames);
    return WalkCFrame(thread_state, start, frames);
  }

 private:
  struct Frame {
    uint64_t previous;
    uint64_t code;
    uint64_t instruction;
    uint8_t owner;
  };

  template <typename Source>
  bool ReadFrame(const Source& source, uint64_t address, Frame* frame) const {
    if (!IsPlausiblePointer(address)) return false;
    alignas(8) unsigned char bytes[FrameLayout::kMaxFrameSize];
    if (!source.Read(address, bytes, layout_.frame_size)) return false;
    std::memcpy(&frame->previous, bytes + layout_.frame_previous, 8);
    std::memcpy(&frame->code, bytes + layout_.frame_code, 8);
    frame->code &= layout_.code_pointer_mask;
    if (layout_.kind == FrameKind::kFrameObject) {
      int32_t last_instruction;
      std::memcpy(&last_instruction, bytes + layout_.frame_instruction, 4);
      frame->instruction = static_cast<uint64_t>(static_cast<int64_t>(last_instruction));
      frame->owner = 0;
    } else {
      std::memcpy(&frame->instruction, bytes + layout_.frame_instruction, 8);
      frame->owner = bytes[layout_.frame_owner];
    }
    return true;
  }

  // The frame's code and instruction, if they make sense together. A frame that runs no Python code
  // (a shim of the interpreter's) gives true with code 0.
  template <typename Source>
  bool Interpret(const Source& source, const Frame& frame, RawFrame* raw) const {
    raw->code = 0;
    if (layout_.first_shim_owner != 0 && frame.owner >= layout_.first_shim_owner) return true;
    uint64_t type = 0;
    if (!IsPlausiblePointer(frame.code) ||
        !ReadValue(source, frame.code + FrameLayout::kObjectType, &type) || type != code_type_) {
      return false;
    }
    // Code that the interpreter made for itself (_Py_InitCleanup, under each call of a class) has
    // no file name in 3.12, and the very object of its name for one from 3.13 on.
    uint64_t filename = 0;
    uint64_t name = 0;
    if (!ReadValue(source, frame.code + layout_.code_filename, &filename) ||
        !ReadValue(source, frame.code + layout_.code_name, &name)) {
      return false;
    }
    if (filename == 0 || filename == name) return true;
    if (!ReadInstruction(source, frame, &raw->instruction)) return false;
    raw->code = frame.code;
    return true;
  }

  template <typename Source>
  bool ReadInstruction(const Source& source, const Frame& frame, int32_t* instruction) const {
    // Offsets are ints to the interpreter: larger code is none.
    constexpr int64_t kMostBytes = INT32_MAX;
    int64_t offset;
    int64_t size = 0;
    if (layout_.kind == FrameKind::kFrameObject) {
      offset = static_cast<int64_t>(frame.instruction);
      if (layout_.instruction_in_units && offset > 0) offset *= 2;
      uint64_t bytes_object = 0;
      if (!ReadValue(source, frame.code + layout_.code_instructions, &bytes_object) ||
          !ReadValue(source, bytes_object + FrameLayout::kVarObjectSize, &size)) {
        return false;
      }
    } else {
      if (!ReadValue(source, frame.code + FrameLayout::kVarObjectSize, &size)) return false;
      if (size < 0 || size > kMostBytes / 2) return false;
      size *= 2;  // code units
      offset = static_cast<int64_t>(frame.instruction - frame.code - layout_.code_instructions);
    }
    // One unit before the code is "not started"; further out is no frame.
    if (offset < -2 || offset >= size || size > kMostBytes) return false;
    *instruction = offset < 0 ? -1 : static_cast<int32_t>(offset);
    return true;
  }

  WalkResult WalkList(uint64_t first, FrameBuffer* frames) const {
    Frame frame;
    RawFrame raw;
    uint32_t steps = 0;
    for (uint64_t at = first; at != 0; at = frame.previous) {
      if (steps++ == kMaxDepth || !ReadFrame(memory_, at, &frame) ||
          !Interpret(memory_, frame, &raw)) {
        if (frames->depth == 0) return WalkResult::kUnreadable;
        frames->truncated = true;
        break;
      }
      raw.address = at;
      if (raw.code != 0) frames->Add(raw);
    }
    return frames->depth > 0 ? WalkResult::kFrames : WalkResult::kNoFrame;
  }

  // True if `frame` lies in the thread's newest data-stack chunk, but above what is in use of it: a
  // frame that has returned.
  bool IsAboveTop(uint64_t thread_state, uint64_t frame) const {
    uint64_t chunk_and_top[2] = {0, 0};  // datastack_chunk, datastack_top
    uint64_t chunk_size = 0;
    if (!memory_.Read(thread_state + layout_.thread_data_chunk, chunk_and_top, 16)) return false;
    const uint64_t chunk = chunk_and_top[0];
    return chunk != 0 && ReadValue(memory_, chunk + FrameLayout::kChunkSize, &chunk_size) &&
           frame >= chunk && frame < chunk + chunk_size &&
           frame + layout_.frame_size > chunk_and_top[1];
  }

  WalkResult WalkCFrame(uint64_t thread_state, uint64_t cframe, FrameBuffer* frames) const {
    // The C frame being entered, else the one before it.
    const int attempts = is_still_ ? 2 : 1;
    for (int attempt = 0; attempt < attempts && IsPlausiblePointer(cframe); ++attempt) {
      uint64_t first = 0;
      if (!ReadValue(doubtful_, cframe + layout_.cframe_current, &first)) break;
      if (first == 0) return WalkResult::kNoFrame;
      if (!(is_still_ && IsAboveTop(thread_state, first)) && IsSound(first)) {
        const WalkResult result = WalkList(first, frames);
        if (result != WalkResult::kUnreadable) return result;
        frames->Clear();
      }
      // Nor need the link of a struct being entered be set yet.
      if (!ReadValue(doubtful_, cframe + layout_.cframe_previous, &cframe)) break;
    }
    return WalkResult::kUnreadable;
  }

  // Whether there is a frame at `address`, which may be anything, and before it another or none: a
  // frame that is being entered may be linked before its own link is set.
  bool IsSound(uint64_t address) const {
    Frame frame;
    RawFrame raw;
    if (!ReadFrame(doubtful_, address, &frame) || !Interpret(doubtful_, frame, &raw)) return false;
    return frame.previous == 0 ||
           (ReadFrame(doubtful_, frame.previous, &frame) && Interpret(doubtful_, frame, &raw));
  }

  const Memory& memory_;
  const decltype(std::declval<Memory>().Doubtful()) doubtful_;
  const FrameLayout& layout_;
  const uint64_t code_type_;
  const bool is_still_;
};

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_FRAME_WALKER_H_
