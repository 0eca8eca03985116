// The stack of a thread of another process, at one moment, as far as that can be had.
//
// For a thread that waits, its stack; the caller checks that it went on waiting. For one that runs,
// through a Snapshot: if the root of the stack moved while frames were copied, the frames that both
// roots lead to, which were there before and after. So the time of a function that is over within a
// microsecond may stand on the line that called it, but no call is shown that was not made. What
// was not copied in time is tried again, with what the last try has learnt. THREAD: one.
#ifndef LINEPROF_ATTACH_STACK_WALK_H_
#define LINEPROF_ATTACH_STACK_WALK_H_

#include <memory>

#include "attach/python_threads.h"
#include "attach/snapshot.h"
#include "attach/target.h"
#include "pyruntime/frame_walker.h"

namespace lineprof {

class StackWalk {
 public:
  // The target must outlive it.
  explicit StackWalk(const Target& target);

  // Walks the thread's stack into `frames`. kUnreadable too if it moved too fast, each time.
  // `attempts`: how often it is tried.
  WalkResult Walk(const PythonThread& thread, bool is_running, int attempts, FrameBuffer* frames);

  // After a Walk: the memory that it saw, and the thread state whose frames they are.
  SnapshotMemory memory() { return {&snapshot_}; }
  uint64_t state() const { return state_; }

 private:
  WalkResult WalkState(uint64_t state, bool is_running, FrameBuffer* frames);

  const Target& target_;
  Snapshot snapshot_;
  std::unique_ptr<FrameBuffer> later_;  // from the later root
  uint64_t state_ = 0;
};

// Drops from `frames` the innermost ones that `other` has not: what is left is what both have,
// counted from the outermost. False if that is nothing, or the stacks are too deep to tell.
bool KeepCommon(const FrameBuffer& other, FrameBuffer* frames);

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_STACK_WALK_H_
