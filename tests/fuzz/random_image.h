// Bytes of an input as the memory of an interpreter: a memory source (pyruntime/memory.h) that
// serves nothing else.
//
// The image begins at kBegin, so that addresses in it are small numbers, which a fuzzer guesses. A
// read that leaves it is refused and its destination overwritten: two walks through memories of
// different `garbage` must see the same, or something was used that was not served. Reads are
// counted, since a walk must end. Owns nothing. THREAD: one at a time.
#ifndef LINEPROF_TESTS_FUZZ_RANDOM_IMAGE_H_
#define LINEPROF_TESTS_FUZZ_RANDOM_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "fuzz/fuzz_check.h"

namespace lineprof::fuzz {

class RandomImage {
 public:
  static constexpr uint64_t kBegin = 0x10000;

  RandomImage(std::string_view bytes, uint8_t garbage, uint64_t most_reads)
      : bytes_(bytes), garbage_(garbage), reads_left_(most_reads) {}

  bool Read(uint64_t address, void* destination, size_t size) const {
    Check(reads_left_-- > 0, "a walk ends");
    const uint64_t offset = address - kBegin;  // wraps around below kBegin
    if (offset > bytes_.size() || bytes_.size() - offset < size) {
      std::memset(destination, garbage_, size);
      return false;
    }
    std::memcpy(destination, bytes_.data() + offset, size);
    return true;
  }
  const RandomImage& Doubtful() const { return *this; }

 private:
  std::string_view bytes_;
  uint8_t garbage_;
  mutable uint64_t reads_left_;
};

}  // namespace lineprof::fuzz

#endif  // LINEPROF_TESTS_FUZZ_RANDOM_IMAGE_H_
