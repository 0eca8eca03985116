// Bytes of an input in this process's own memory, at an address that is always the same, for code
// that reads through the kernel (CheckedMemory of the own process).
//
// Behind the image is nothing that can be read, and in front of it neither. An input that is longer
// is cut off. Owns the mapping, for the process's life. THREAD: one at a time.
#ifndef LINEPROF_TESTS_FUZZ_MAPPED_IMAGE_H_
#define LINEPROF_TESTS_FUZZ_MAPPED_IMAGE_H_

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "fuzz/fuzz_check.h"

namespace lineprof::fuzz {

class MappedImage {
 public:
  // Where no sanitizer has its own.
  static constexpr uint64_t kBegin = uint64_t{0x200000000000};
  static constexpr size_t kBytes = size_t{16} << 10;

  MappedImage() {
    void* const at = reinterpret_cast<void*>(kBegin);
    Check(mmap(at, kBytes, PROT_READ | PROT_WRITE,
               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == at,
          "the image's place is free");
  }
  MappedImage(const MappedImage&) = delete;
  MappedImage& operator=(const MappedImage&) = delete;

  // Zeros behind `bytes`.
  void Fill(std::string_view bytes) {
    auto* const image = reinterpret_cast<char*>(kBegin);
    const size_t size = std::min(bytes.size(), kBytes);
    std::memcpy(image, bytes.data(), size);
    std::memset(image + size, 0, kBytes - size);
  }
};

}  // namespace lineprof::fuzz

#endif  // LINEPROF_TESTS_FUZZ_MAPPED_IMAGE_H_
