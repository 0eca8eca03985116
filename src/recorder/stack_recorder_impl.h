// How RecordStack is made, for the one source file of a layer that instantiates it for its Memory.
// SIGNAL-SAFE, THREAD, GIL: see stack_recorder.h.
#ifndef LINEPROF_RECORDER_STACK_RECORDER_IMPL_H_
#define LINEPROF_RECORDER_STACK_RECORDER_IMPL_H_

#include "recorder/code_recorder.h"
#include "recorder/stack_recorder.h"

namespace lineprof {
namespace stack_recorder {

template <typename Memory>
class Recorder {
 public:
  Recorder(const RecordingMap& map, const WalkContext& context, const Memory& memory,
           StackRecorderState* state)
      : map_(map), context_(context), memory_(memory), state_(state) {}

  // The node of the walked frames; 0 if something did not fit.
  uint32_t RecordFrames() {
    const FrameBuffer& frames = state_->frames;
    ++state_->generation;
    uint32_t node = state_->root;
    uint32_t code = CodeRecordOf(frames.FromOutermost(0).code);
    for (uint32_t i = 0; code != 0; ++i) {
      const RawFrame& frame = frames.FromOutermost(i);
      const bool innermost = i + 1 == frames.size();
      const uint32_t callee = innermost ? 0 : CodeRecordOf(frames.FromOutermost(i + 1).code);
      if (innermost || callee == 0) {
        return innermost ? InternNode(map_, node, code, frame.instruction, 0) : 0;
      }
      if (IsNewCall(code, frame.instruction, callee)) {
        node = InternNode(map_, node, code, frame.instruction, callee);
        if (node == 0) return 0;
      }
      code = callee;
    }
    return 0;
  }

 private:
  bool IsNewCall(uint32_t code, int32_t instruction, uint32_t callee) {
    uint64_t hash = (uint64_t{code} << 32 | callee) ^ (static_cast<uint64_t>(instruction) << 16);
    hash *= 0x9e3779b97f4a7c15u;
    for (uint64_t i = hash >> 40;; ++i) {
      StackRecorderState::SeenCall& call = state_->seen[i % StackRecorderState::kSeenCalls];
      if (call.generation != state_->generation) {
        call = {state_->generation, code, instruction, callee};
        return true;
      }
      if (call.code == code && call.instruction == instruction && call.callee == callee) {
        return false;
      }
    }
  }

  uint32_t CodeRecordOf(uint64_t address) {
    CodeIdentity identity;
    if (!ReadCodeIdentity(memory_, context_.layout, address, &identity)) return 0;
    const uint64_t slot = (address >> 4) * 0x9e3779b97f4a7c15u >> 40;
    StackRecorderState::CachedCode& cached = state_->codes[slot % StackRecorderState::kCachedCodes];
    if (cached.record == 0 || !(cached.identity == identity)) {
      const uint32_t record = RecordCode(map_, context_.layout, memory_, identity);
      if (record == 0) return 0;
      cached.identity = identity;
      cached.record = record;
    }
    return cached.record;
  }

  const RecordingMap& map_;
  const WalkContext& context_;
  const Memory& memory_;
  StackRecorderState* state_;
};

}  // namespace stack_recorder

template <typename Memory>
WalkResult RecordStack(const RecordingMap& map, const WalkContext& context, const Memory& memory,
                       uint64_t python_thread, StackRecorderState* state, uint32_t* node) {
  *node = 0;
  const FrameWalker<Memory> walker(memory, context.layout, context.code_type);
  const WalkResult result = walker.Walk(python_thread, &state->frames);
  if (result != WalkResult::kFrames) return result;
  *node = stack_recorder::Recorder<Memory>(map, context, memory, state).RecordFrames();
  if (state->frames.truncated) AddTo(map.header().truncated_stacks, 1);
  return result;
}

}  // namespace lineprof

#endif  // LINEPROF_RECORDER_STACK_RECORDER_IMPL_H_
