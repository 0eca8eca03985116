// A mapped ELF file made by hand: one page with the dynamic symbols that a test names, for what
// reads symbols from memory.
//
// Its tables stand where the constants say, so that a test can spoil them. Must not move: addresses
// are kept relative to its own. THREAD: any.
#ifndef LINEPROF_TESTS_SUPPORT_ELF_IMAGE_H_
#define LINEPROF_TESTS_SUPPORT_ELF_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace lineprof::test {

struct ElfImage {
  static constexpr size_t kBytes = 4096;
  alignas(kBytes) unsigned char bytes[kBytes] = {};

  // The tables, as offsets.
  static constexpr size_t kSegments = 64;
  static constexpr size_t kDynamic = 512;
  static constexpr size_t kSymbols = 1024;
  static constexpr size_t kStrings = 1536;
  static constexpr size_t kHash = 2048;

  // Names and the addresses that are found under them. REQUIRES: at most 16, of 20 characters at
  // most.
  using Symbols = std::vector<std::pair<std::string, uint64_t>>;
  explicit ElfImage(const Symbols& symbols);
  ElfImage(const ElfImage&) = delete;
  ElfImage& operator=(const ElfImage&) = delete;

  uint64_t begin() const { return reinterpret_cast<uint64_t>(bytes); }
  template <typename T>
  T& At(size_t offset) {
    return *reinterpret_cast<T*>(bytes + offset);
  }
};

}  // namespace lineprof::test

#endif  // LINEPROF_TESTS_SUPPORT_ELF_IMAGE_H_
