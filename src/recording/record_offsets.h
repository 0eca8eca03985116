// Where the records of one kind are in a recording's bytes, and numbers for them.
//
// Bit maps, because there are millions of nodes: collecting and numbering them takes one walk
// without sorting, and finding one's number looks at two words that mostly are in the processor's
// caches. THREAD: one at a time.
#ifndef LINEPROF_RECORDING_RECORD_OFFSETS_H_
#define LINEPROF_RECORDING_RECORD_OFFSETS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "recording/layout.h"

namespace lineprof {

// A place in a bit map of a recording: a bit for every offset that is aligned as records are.
struct OffsetBit {
  explicit OffsetBit(uint64_t offset)
      : word(offset / kArenaAlignment / 64), mask(uint64_t{1} << (offset / kArenaAlignment % 64)) {}
  static uint64_t Offset(size_t word, int bit) {
    return (word * 64 + static_cast<uint64_t>(bit)) * kArenaAlignment;
  }
  size_t word;
  uint64_t mask;
};

// Offsets in any order; gives them ascending.
class RecordOffsets {
 public:
  // For a recording of so many bytes.
  explicit RecordOffsets(uint64_t bytes) : words_(OffsetBit(bytes).word + 1) {}

  // False if no record can be there, or one was said to be there before.
  bool Insert(uint64_t offset) {
    const OffsetBit bit(offset);
    if (offset % kArenaAlignment != 0 || bit.word >= words_.size()) return false;
    const bool is_new = (words_[bit.word] & bit.mask) == 0;
    words_[bit.word] |= bit.mask;
    return is_new;
  }

  size_t Count() const {
    size_t count = 0;
    for (const uint64_t word : words_) count += static_cast<size_t>(std::popcount(word));
    return count;
  }

  // Calls visit(offset) for each, ascending, until it gives false. False if it did.
  template <typename Visit>
  bool ForEach(Visit visit) const {
    for (size_t i = 0; i < words_.size(); i++) {
      for (uint64_t bits = words_[i]; bits != 0; bits &= bits - 1) {
        if (!visit(OffsetBit::Offset(i, std::countr_zero(bits)))) return false;
      }
    }
    return true;
  }

 private:
  std::vector<uint64_t> words_;
};

// Numbers offsets that come ascending: 0, 1, 2.
class RecordIds {
 public:
  // `offset`: a multiple of kArenaAlignment, above all before.
  void Add(uint64_t offset) {
    const OffsetBit bit(offset);
    while (groups_.size() <= bit.word) groups_.push_back({0, size_});
    groups_[bit.word].bits |= bit.mask;
    size_++;
  }

  // The offset's number; nothing if it was not added.
  std::optional<uint32_t> Find(uint64_t offset) const {
    const OffsetBit bit(offset);
    if (offset % kArenaAlignment != 0 || bit.word >= groups_.size()) return {};
    const Group& group = groups_[bit.word];
    if ((group.bits & bit.mask) == 0) return {};
    return group.before + static_cast<uint32_t>(std::popcount(group.bits & (bit.mask - 1)));
  }

 private:
  struct Group {
    uint64_t bits = 0;
    uint32_t before = 0;  // ids in the groups before
  };
  std::vector<Group> groups_;
  uint32_t size_ = 0;
};

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_RECORD_OFFSETS_H_
