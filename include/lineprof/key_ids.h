// Numbers the different keys that it is shown, in order of first sight. A key is a few small
// numbers that together identify something.
//
// An open hash table of the numbers, because millions of stacks are looked up in it: a
// std::unordered_map takes several times as long. THREAD: one at a time.
#ifndef LINEPROF_KEY_IDS_H_
#define LINEPROF_KEY_IDS_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace lineprof {

template <size_t kParts>
class KeyIds {
 public:
  using Key = std::array<uint32_t, kParts>;

  // The key's number, new or known.
  uint32_t Add(const Key& key) {
    if (2 * keys_.size() >= slots_.size()) SetSlots(std::max(kFirstSlots, 2 * slots_.size()));
    uint32_t& slot = Find(key);
    if (slot == 0) {
      keys_.push_back(key);
      slot = static_cast<uint32_t>(keys_.size());
    }
    return slot - 1;
  }

  // Makes room for that many keys at once: where they come in millions, growing costs as much
  // again.
  void Reserve(size_t count) {
    keys_.reserve(count);
    if (2 * count > slots_.size()) SetSlots(std::bit_ceil(2 * count));
  }

  // By number.
  const std::vector<Key>& keys() const { return keys_; }

 private:
  static constexpr size_t kFirstSlots = 64;

  static uint64_t Hash(const Key& key) {
    uint64_t hash = 0;
    for (uint32_t part : key) {
      hash = (hash + part + 1) * 0x9e3779b97f4a7c15u;
      hash ^= hash >> 32;
    }
    return hash;
  }

  // The slot that holds the key's number, or the free one where it belongs.
  uint32_t& Find(const Key& key) {
    size_t i = Hash(key) & (slots_.size() - 1);
    while (slots_[i] != 0 && !AreSame(keys_[slots_[i] - 1], key)) i = (i + 1) & (slots_.size() - 1);
    return slots_[i];
  }

  // Not operator==, which is a call of memcmp: a tenth of the time of whole reports.
  static bool AreSame(const Key& a, const Key& b) {
    for (size_t i = 0; i < kParts; i++) {
      if (a[i] != b[i]) return false;
    }
    return true;
  }

  void SetSlots(size_t count) {
    slots_.assign(count, 0);
    for (uint32_t i = 0; i < keys_.size(); i++) Find(keys_[i]) = i + 1;
  }

  std::vector<Key> keys_;
  std::vector<uint32_t> slots_;  // a power of two of them, at most half full; 0: free, else id + 1
};

}  // namespace lineprof

#endif  // LINEPROF_KEY_IDS_H_
