#include "attach/stack_walk.h"

#include <algorithm>

namespace lineprof {

namespace {

// Whether the list of frames ended at what is no frame: it changed while it was followed. (One that
// is deeper than a buffer is marked as truncated too.)
bool IsBroken(const FrameBuffer& frames) {
  return frames.truncated && frames.depth <= FrameBuffer::kInner + FrameBuffer::kOuter;
}

}  // namespace

StackWalk::StackWalk(const Target& target)
    : target_(target), snapshot_(target.memory, target.walk.layout) {}

WalkResult StackWalk::Walk(const PythonThread& thread, bool is_running, int attempts,
                           FrameBuffer* frames) {
  WalkResult result = WalkResult::kUnreadable;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    // The first state that has frames is of the interpreter that the thread runs in.
    for (const uint64_t state : thread.states) {
      state_ = state;
      result = WalkState(state, is_running, frames);
      if (result != WalkResult::kNoFrame) break;
    }
    if (result != WalkResult::kUnreadable) break;
  }
  return result;
}

WalkResult StackWalk::WalkState(uint64_t state, bool is_running, FrameBuffer* frames) {
  if (!snapshot_.Capture(state)) return WalkResult::kUnreadable;
  const SnapshotMemory memory{&snapshot_};
  const FrameWalker<SnapshotMemory> walker(memory, target_.walk.layout, target_.walk.code_type,
                                           !is_running);
  const WalkResult result = walker.Walk(state, frames);
  if (snapshot_.gave_up() || (result == WalkResult::kFrames && IsBroken(*frames))) {
    return WalkResult::kUnreadable;
  }
  if (!is_running || snapshot_.IsConsistent() || result == WalkResult::kUnreadable) return result;
  if (snapshot_.is_root_stable()) {
    // Frames that were read late belong to it too if it still begins where it did.
    return snapshot_.IsRootStill() ? result : WalkResult::kUnreadable;
  }
  snapshot_.BeginAtLaterRoot();
  if (later_ == nullptr) later_ = std::make_unique<FrameBuffer>();
  const WalkResult later_result = walker.Walk(state, later_.get());
  if (snapshot_.read_frames_late() || snapshot_.gave_up()) return WalkResult::kUnreadable;
  if (result != later_result) return WalkResult::kUnreadable;
  if (result == WalkResult::kNoFrame) return result;
  return KeepCommon(*later_, frames) ? result : WalkResult::kUnreadable;
}

bool KeepCommon(const FrameBuffer& other, FrameBuffer* frames) {
  if (frames->truncated || other.truncated || frames->depth > FrameBuffer::kInner) return false;
  uint32_t common = 0;
  const uint32_t most = std::min(frames->size(), other.size());
  while (common < most) {
    const RawFrame& one = frames->FromOutermost(common);
    const RawFrame& two = other.FromOutermost(common);
    if (one.code != two.code || one.instruction != two.instruction) break;
    ++common;
  }
  const uint32_t dropped = frames->depth - common;
  std::move(frames->inner + dropped, frames->inner + frames->depth, frames->inner);
  frames->depth = common;
  return common > 0;
}

}  // namespace lineprof
