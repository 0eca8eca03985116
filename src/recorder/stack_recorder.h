// Turns a walked stack into a node of the recording's stack tree.
//
// Three steps for each frame, outermost first: which code is it (a cache by address, checked
// against the code object's identity; a code object never seen is described into the recording now,
// while the frame keeps it alive); is its call already on this path (then the frame is left out:
// recursion is folded, so that a recursion of any depth makes a handful of nodes); which node is
// it. Where tasks are told apart, the asyncio task that is running stands above the outermost
// frame.
//
// SIGNAL-SAFE. THREAD: one at a time for each StackRecorderState. GIL: not needed.
#ifndef LINEPROF_RECORDER_STACK_RECORDER_H_
#define LINEPROF_RECORDER_STACK_RECORDER_H_

#include <cstdint>

#include "pyruntime/code_reader.h"
#include "pyruntime/frame_walker.h"
#include "pyruntime/task_name.h"
#include "recording/recording_map.h"

namespace lineprof {

// What recording a stack needs to know of the interpreter. Set once, before the first tick.
struct WalkContext {
  FrameLayout layout;
  uint64_t code_type = 0;  // address of PyCode_Type
  CheckedMemory checked{};
  TaskLayout tasks{};  // unknown where tasks are not to be told apart
};

// Scratch and caches of one thread that records stacks. About 150 KB, touched as needed.
struct StackRecorderState {
  struct CachedCode {
    CodeIdentity identity;
    uint32_t record;
    bool is_handle_run;  // asyncio's: it may be running a task
  };
  static constexpr uint32_t kCachedCodes = 512;  // a power of two
  CachedCode codes[kCachedCodes];

  // The call edges on the current path: an open-addressed set, emptied by counting `generation` up.
  struct SeenCall {
    uint64_t generation;
    uint32_t code;
    int32_t instruction;
    uint32_t callee;
  };
  static constexpr uint32_t kSeenCalls = 4096;  // a power of two, twice the frames of a buffer
  static_assert(kSeenCalls >= 2 * (FrameBuffer::kInner + FrameBuffer::kOuter));
  SeenCall seen[kSeenCalls];
  uint64_t generation;

  // What outermost frames stand under: 0, the root, or the thread's slot in place of it.
  uint32_t root;

  uint32_t task_names;  // recorded so far

  FrameBuffer frames;
};

// Walks the thread at `python_thread` through `memory` and gives the node of its stack in `*node`.
// kFrames: *node is set, or 0 if the recording is full.
template <typename Memory>
WalkResult RecordStack(const RecordingMap& map, const WalkContext& context, const Memory& memory,
                       uint64_t python_thread, StackRecorderState* state, uint32_t* node);

extern template WalkResult RecordStack(const RecordingMap&, const WalkContext&, const DirectMemory&,
                                       uint64_t, StackRecorderState*, uint32_t*);
extern template WalkResult RecordStack(const RecordingMap&, const WalkContext&,
                                       const CheckedMemory&, uint64_t, StackRecorderState*,
                                       uint32_t*);

}  // namespace lineprof

#endif  // LINEPROF_RECORDER_STACK_RECORDER_H_
