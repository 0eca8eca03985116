// A made-up process's memory, for walks and other readers: a Memory source (pyruntime/memory.h).
//
// Owns the words. THREAD: one.
#ifndef LINEPROF_TESTS_SUPPORT_FAKE_MEMORY_H_
#define LINEPROF_TESTS_SUPPORT_FAKE_MEMORY_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>

namespace lineprof {

// Memory made of 8-byte words; reading any other word is a refusal, and is counted by none.
class FakeMemory {
 public:
  bool Read(uint64_t address, void* destination, size_t size) const {
    auto* out = static_cast<unsigned char*>(destination);
    for (size_t done = 0; done < size;) {
      const auto word = words_.find((address + done) & ~uint64_t{7});
      if (word == words_.end()) return false;
      const size_t begin = (address + done) & 7;
      const size_t bytes = std::min(size - done, 8 - begin);
      std::memcpy(out + done, reinterpret_cast<const unsigned char*>(&word->second) + begin, bytes);
      done += bytes;
    }
    return true;
  }
  const FakeMemory& Doubtful() const { return *this; }
  void Zero(uint64_t address, size_t size) {
    for (uint64_t at = address & ~uint64_t{7}; at < address + size; at += 8) words_[at];
  }
  template <typename T>
  void Put(uint64_t address, T value) {
    for (size_t i = 0; i < sizeof(T); ++i) {
      uint64_t& word = words_[(address + i) & ~uint64_t{7}];
      const int shift = static_cast<int>(8 * ((address + i) & 7));
      const uint64_t byte = (static_cast<uint64_t>(value) >> (8 * i)) & 255;
      word = (word & ~(uint64_t{255} << shift)) | byte << shift;
    }
  }

 private:
  std::map<uint64_t, uint64_t> words_;
};

}  // namespace lineprof

#endif  // LINEPROF_TESTS_SUPPORT_FAKE_MEMORY_H_
