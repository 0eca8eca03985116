// How RecordStack is made, for the one source file of a layer that instantiates it for its Memory.
// SIGNAL-SAFE, THREAD, GIL: see stack_recorder.h.
#ifndef LINEPROF_RECORDER_STACK_RECORDER_IMPL_H_
#define LINEPROF_RECORDER_STACK_RECORDER_IMPL_H_

#include "recorder/code_recorder.h"
#include "recorder/stack_recorder.h"
#include "recorder/task_recorder.h"

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
    uint32_t code = CodeRecordOf(frames.FromOutermost(0).code);
    uint32_t node = context_.tasks.name != 0 ? TaskNode(code) : state_->root;
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

  // What the stack stands under: the node of the task that the innermost event loop runs, calling
  // the outermost frame's code, or the root.
  uint32_t TaskNode(uint32_t outermost_code) {
    const FrameBuffer& frames = state_->frames;
    uint32_t i = frames.size();
    while (i > 0 && !IsHandleRun(frames.FromOutermost(i - 1))) --i;
    TaskName name;
    const TaskNameReader<Memory> reader(memory_, context_.layout, context_.tasks);
    if (i == 0 || !reader.Read(frames.FromOutermost(i - 1).address, &name)) return state_->root;
    const uint32_t task = RecordTask(map_, name, &state_->task_names);
    const uint32_t node =
        task == 0 ? 0 : InternNode(map_, state_->root, task, kBeforeFirst, outermost_code);
    return node == 0 ? state_->root : node;
  }

  bool IsHandleRun(const RawFrame& frame) {
    const StackRecorderState::CachedCode* cached = CachedCodeOf(frame.code);
    return cached != nullptr && cached->is_handle_run;
  }

  uint32_t CodeRecordOf(uint64_t address) {
    const StackRecorderState::CachedCode* cached = CachedCodeOf(address);
    return cached == nullptr ? 0 : cached->record;
  }

  // Null if the code object cannot be read, or there is no room for it.
  const StackRecorderState::CachedCode* CachedCodeOf(uint64_t address) {
    CodeIdentity identity;
    if (!ReadCodeIdentity(memory_, context_.layout, address, &identity)) return nullptr;
    const uint64_t slot = (address >> 4) * 0x9e3779b97f4a7c15u >> 40;
    StackRecorderState::CachedCode& cached = state_->codes[slot % StackRecorderState::kCachedCodes];
    if (cached.record == 0 || !(cached.identity == identity)) {
      const uint32_t record = RecordCode(map_, context_.layout, memory_, identity);
      if (record == 0) return nullptr;
      cached.identity = identity;
      cached.record = record;
      cached.is_handle_run = IsRecordOfHandleRun(map_.At<CodeRecord>(record));
    }
    return &cached;
  }

  // The texts stand behind the record.
  static bool IsRecordOfHandleRun(const CodeRecord& record) {
    if (record.filename_width != 1 || record.name_width != 1) return false;
    const char* texts = reinterpret_cast<const char*>(&record + 1);
    return lineprof::IsHandleRun({texts, record.filename_size},
                                 {texts + record.filename_size, record.name_size});
  }

  static constexpr int32_t kBeforeFirst = -1;  // a task has no instructions

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
