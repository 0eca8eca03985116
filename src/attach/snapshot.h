// Another process's memory, read ahead: what a walk is about to read, copied in two system calls.
//
// A walk of twenty frames makes a few hundred small reads. As system calls they would take longer
// than a running thread keeps its stack. But a thread's next walk reads nearly the same places as
// its last ones. So a snapshot remembers what was read, joins neighbours, and Capture copies it all
// at once: first what changes (the root of the stack, frames), then what hardly does (code
// objects). What was not foreseen is read from the process as it is asked for, and remembered.
//
// The frames are one moment's if the root of the stack was the same before and after they were
// copied (is_root_stable) and none was read later (read_frames_late). Where the root moved, the
// frames that a walk finds from both roots were there all the time. What is left out: in that
// microsecond a frame may have ended and another have begun at the same place; both ran then.
// Frames that are used again while they are copied can seem to be linked in a circle: a walk that
// reads more of them than the copy has room for is refused the next.
// Pieces that touch are joined whatever lies between them, so a frame is also found in the middle
// of a piece.
//
// One for each thread that is walked. THREAD: one.
#ifndef LINEPROF_ATTACH_SNAPSHOT_H_
#define LINEPROF_ATTACH_SNAPSHOT_H_

#include <sys/types.h>
#include <sys/uio.h>

#include <cstdint>
#include <vector>

#include "pyruntime/frame_layout.h"
#include "pyruntime/memory.h"

namespace lineprof {

class Snapshot {
 public:
  // The layout must outlive it.
  Snapshot(const CheckedMemory& memory, const FrameLayout& layout);

  // Copies what the last walks of the thread at `thread_state` have read. False if the process is
  // gone, or the state is not there.
  bool Capture(uint64_t thread_state);

  // For the walk: from the copy, else from the process.
  bool Read(uint64_t address, void* destination, size_t size);

  // Which copy of the root walks begin at: Capture's first (the default after it), or its second.
  void BeginAtLaterRoot() {
    roots_at_ = later_roots_at_;
    frame_reads_ = 0;
  }

  // Whether the stack begins now where it did when it was captured.
  bool IsRootStill() const;

  bool is_root_stable() const { return root_is_stable_; }
  // Whether a walk has read a frame that Capture had not copied.
  bool read_frames_late() const { return read_frames_late_; }
  // Whether a walk was refused frames because it read too many: it is not the whole stack.
  bool gave_up() const { return gave_up_; }
  bool IsConsistent() const { return root_is_stable_ && !read_frames_late_; }

 private:
  struct Piece {
    uint64_t address;
    uint32_t size;
    uint32_t offset;   // in copy_
    uint32_t used_at;  // number of the last Capture after which it was read
    bool is_frame;
    bool is_copied;
  };
  // A walk's read of a whole frame is of this many bytes; all its other reads have other sizes.
  bool IsFrameRead(size_t size) const { return size == layout_.frame_size; }
  bool CopyOnce();
  size_t CopyRemote();
  uint64_t RootPointer() const;
  bool SameRoots() const;
  Piece* Find(uint64_t address, size_t size);
  bool ReadMissing(uint64_t address, void* destination, size_t size);
  bool GiveUp();
  void Rebuild();

  static constexpr uint32_t kForgottenAfter = 128;  // captures without a use
  static constexpr uint32_t kRebuildEvery = 64;

  CheckedMemory memory_;
  const FrameLayout& layout_;
  const size_t root_bytes_;    // of the thread state
  const size_t cframe_bytes_;  // of the C frame; 0 where the version has none
  uint64_t thread_state_ = 0;
  uint64_t cframe_ = 0;        // that the thread state pointed to
  std::vector<Piece> pieces_;  // frames first; each part by address, apart from each other
  size_t frame_count_ = 0;     // pieces that are frames
  std::vector<Piece> fresh_;   // read since the last Rebuild, not among pieces_
  std::vector<std::byte> copy_;
  std::vector<iovec> remote_;
  uint32_t captures_ = kForgottenAfter;  // so that none was ever used too long ago
  bool must_rebuild_ = false;
  size_t roots_at_ = 0;  // in copy_
  size_t later_roots_at_ = 0;
  size_t frame_room_ = 0;   // frames that the copy can hold
  size_t frame_reads_ = 0;  // from the copy, since the walk began
  size_t late_reads_ = 0;   // of frames from the process, since Capture
  bool root_is_stable_ = false;
  bool read_frames_late_ = false;
  bool gave_up_ = false;
};

// What FrameWalker and the recorder take for memory.
struct SnapshotMemory {
  Snapshot* snapshot;

  bool Read(uint64_t address, void* destination, size_t size) const {
    return snapshot->Read(address, destination, size);
  }
  SnapshotMemory Doubtful() const { return *this; }
};

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_SNAPSHOT_H_
