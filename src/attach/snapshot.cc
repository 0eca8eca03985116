#include "attach/snapshot.h"

#include <algorithm>
#include <climits>
#include <cstring>

namespace lineprof {
namespace {

// Longer reads are texts, which are read once.
constexpr size_t kLongestRemembered = 256;
// Pieces nearer to each other than this are copied as one. The memory between them is on the same
// pages as they are, so it can be read too.
constexpr uint64_t kNearby = 256;
constexpr uint64_t kNearbyFrames = 1024;
constexpr uint64_t kLargestPiece = 16384;  // so that a part that is not used any more is forgotten
constexpr uint32_t kCFrameBytes = 24;
// A walk may read the innermost frames several times before it takes the list for one.
constexpr size_t kRepeatedReads = 16;
// Of frames that were not foreseen. Deeper stacks are known whole after some walks.
constexpr size_t kMostLateReads = 20'000;

}  // namespace

Snapshot::Snapshot(const CheckedMemory& memory, const FrameLayout& layout)
    : memory_(memory),
      layout_(layout),
      root_bytes_(std::max({layout.thread_frame, layout.thread_id, layout.thread_data_chunk}) + 16),
      cframe_bytes_(layout.kind == FrameKind::kCFrame ? kCFrameBytes : 0) {}

bool Snapshot::Capture(uint64_t thread_state) {
  ++captures_;
  if (must_rebuild_ || !fresh_.empty() || captures_ % kRebuildEvery == 0) Rebuild();
  read_frames_late_ = false;
  frame_reads_ = 0;
  late_reads_ = 0;
  gave_up_ = false;
  thread_state_ = thread_state;
  if (!CopyOnce()) return false;
  if (cframe_bytes_ != 0 && RootPointer() != cframe_) {
    cframe_ = RootPointer();
    if (!CopyOnce()) return false;
  }
  return true;
}

uint64_t Snapshot::RootPointer() const {
  uint64_t pointer = 0;
  std::memcpy(&pointer, copy_.data() + layout_.thread_frame, sizeof(pointer));
  return pointer;
}

// roots, frames, the roots again, what hardly changes: in this order.
bool Snapshot::CopyOnce() {
  remote_.clear();
  size_t offset = 0;
  const auto add = [&](uint64_t address, size_t size) {
    remote_.push_back({reinterpret_cast<void*>(address), size});
    offset += size;
  };
  const auto add_roots = [&] {
    add(thread_state_, root_bytes_);
    if (cframe_bytes_ != 0 && cframe_ != 0) add(cframe_, cframe_bytes_);
  };
  add_roots();
  const size_t roots_bytes = offset;
  for (size_t i = 0; i < frame_count_; ++i) {
    pieces_[i].offset = static_cast<uint32_t>(offset);
    add(pieces_[i].address, pieces_[i].size);
  }
  frame_room_ = (offset - roots_bytes) / layout_.frame_size + kRepeatedReads;
  roots_at_ = 0;
  later_roots_at_ = offset;
  add_roots();
  for (size_t i = frame_count_; i < pieces_.size(); ++i) {
    pieces_[i].offset = static_cast<uint32_t>(offset);
    add(pieces_[i].address, pieces_[i].size);
  }
  copy_.resize(offset);
  const size_t copied = CopyRemote();
  root_is_stable_ = copied >= later_roots_at_ + roots_bytes && SameRoots();
  bool found_gap = false;
  for (Piece& piece : pieces_) {
    piece.is_copied = piece.offset + piece.size <= copied;
    if (piece.is_copied || found_gap) continue;
    found_gap = true;  // what is behind it has only not been tried
    piece.used_at = captures_ - kForgottenAfter;
    must_rebuild_ = true;
  }
  return copied >= roots_bytes;
}

// The bytes copied: all, or those before the first place that cannot be read.
size_t Snapshot::CopyRemote() {
  size_t copied = 0;
  for (size_t first = 0; first < remote_.size(); first += IOV_MAX) {
    const size_t count = std::min<size_t>(IOV_MAX, remote_.size() - first);
    size_t wanted = 0;
    for (size_t i = first; i < first + count; ++i) wanted += remote_[i].iov_len;
    iovec local{copy_.data() + copied, wanted};
    const ssize_t got = process_vm_readv(memory_.pid, &local, 1, &remote_[first], count, 0);
    if (got > 0) copied += static_cast<size_t>(got);
    if (got != static_cast<ssize_t>(wanted)) break;
  }
  return copied;
}

// Whether both copies of the roots say the same of where the stack begins: the innermost frame, and
// how much of the data stack is in use.
bool Snapshot::SameRoots() const {
  const size_t again = later_roots_at_;
  const auto same = [&](size_t at, size_t size) {
    return std::memcmp(copy_.data() + at, copy_.data() + again + at, size) == 0;
  };
  if (!same(layout_.thread_frame, 8)) return false;
  if (layout_.thread_data_chunk != 0 && !same(layout_.thread_data_chunk, 16)) return false;
  return cframe_bytes_ == 0 || cframe_ == 0 || same(root_bytes_, cframe_bytes_);
}

bool Snapshot::IsRootStill() const {
  uint64_t pointer = 0;
  if (!ReadValue(memory_, thread_state_ + layout_.thread_frame, &pointer) ||
      pointer != RootPointer()) {
    return false;
  }
  if (cframe_bytes_ == 0) return true;
  uint64_t captured = 0;
  std::memcpy(&captured, copy_.data() + root_bytes_ + layout_.cframe_current, sizeof(captured));
  return ReadValue(memory_, cframe_ + layout_.cframe_current, &pointer) && pointer == captured;
}

bool Snapshot::Read(uint64_t address, void* destination, size_t size) {
  const auto from_copy = [&](uint64_t begin, size_t bytes, size_t offset) {
    if (address < begin || address + size > begin + bytes) return false;
    std::memcpy(destination, copy_.data() + offset + (address - begin), size);
    return true;
  };
  if (from_copy(thread_state_, root_bytes_, roots_at_)) return true;
  if (cframe_bytes_ != 0 && cframe_ != 0 &&
      from_copy(cframe_, cframe_bytes_, roots_at_ + root_bytes_)) {
    return true;
  }
  if (Piece* piece = Find(address, size)) {
    piece->used_at = captures_;
    if (IsFrameRead(size) && ++frame_reads_ > frame_room_) return GiveUp();
    if (piece->is_copied) return from_copy(piece->address, piece->size, piece->offset);
  }
  return ReadMissing(address, destination, size);
}

Snapshot::Piece* Snapshot::Find(uint64_t address, size_t size) {
  const bool is_frame = IsFrameRead(size);
  const auto begin = pieces_.begin() + static_cast<std::ptrdiff_t>(is_frame ? 0 : frame_count_);
  const auto end =
      is_frame ? pieces_.begin() + static_cast<std::ptrdiff_t>(frame_count_) : pieces_.end();
  auto found = std::upper_bound(begin, end, address, [](uint64_t value, const Piece& piece) {
    return value < piece.address;
  });
  if (found == begin) return nullptr;
  --found;
  return address + size <= found->address + found->size ? &*found : nullptr;
}

bool Snapshot::GiveUp() {
  gave_up_ = true;
  return false;
}

bool Snapshot::ReadMissing(uint64_t address, void* destination, size_t size) {
  const bool is_frame = IsFrameRead(size);
  if (is_frame && ++late_reads_ > kMostLateReads) return GiveUp();
  if (!memory_.Read(address, destination, size)) return false;
  read_frames_late_ |= is_frame;
  if (size > 0 && size <= kLongestRemembered) {
    fresh_.push_back({address, static_cast<uint32_t>(size), 0, captures_, is_frame, false});
  }
  return true;
}

void Snapshot::Rebuild() {
  must_rebuild_ = false;
  std::vector<Piece> all;
  all.swap(fresh_);
  for (const Piece& piece : pieces_) {
    if (captures_ - piece.used_at < kForgottenAfter) all.push_back(piece);
  }
  std::sort(all.begin(), all.end(), [](const Piece& a, const Piece& b) {
    return a.is_frame != b.is_frame ? a.is_frame : a.address < b.address;
  });
  pieces_.clear();
  frame_count_ = 0;
  for (const Piece& piece : all) {
    Piece* last = pieces_.empty() ? nullptr : &pieces_.back();
    const uint64_t nearby = piece.is_frame ? kNearbyFrames : kNearby;
    if (last != nullptr && last->is_frame == piece.is_frame &&
        piece.address <= last->address + last->size + nearby &&
        piece.address + piece.size - last->address <= kLargestPiece) {
      const uint64_t end =
          std::max(last->address + last->size, piece.address + uint64_t{piece.size});
      last->size = static_cast<uint32_t>(end - last->address);
      last->used_at = std::max(last->used_at, piece.used_at);
      continue;
    }
    pieces_.push_back(piece);
    if (piece.is_frame) ++frame_count_;
  }
}

}  // namespace lineprof
