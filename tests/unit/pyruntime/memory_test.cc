// What each memory source reads of the own process, and what it refuses.
#include "pyruntime/memory.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstring>
#include <string>

namespace lineprof {
namespace {

constexpr size_t kPage = 4096;

// Two pages: the first can be read, the second cannot.
class HalfReadable : public testing::Test {
 protected:
  HalfReadable()
      : pages_(static_cast<char*>(
            mmap(nullptr, 2 * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))) {
    std::memset(pages_, 'x', kPage);
    mprotect(pages_ + kPage, kPage, PROT_NONE);
  }
  ~HalfReadable() override { munmap(pages_, 2 * kPage); }
  uint64_t At(size_t offset) const { return reinterpret_cast<uint64_t>(pages_ + offset); }

  char* pages_;
};

template <typename Source>
void ExpectReadsOnlyTheFirstPage(const Source& source, uint64_t first_page) {
  char text[16] = {};
  EXPECT_TRUE(source.Read(first_page, text, sizeof(text)));
  EXPECT_EQ(std::string(text, sizeof(text)), std::string(sizeof(text), 'x'));
  EXPECT_TRUE(source.Read(first_page + kPage - sizeof(text), text, sizeof(text)));
  EXPECT_TRUE(source.Read(first_page + kPage - 1, text, 1));
  EXPECT_FALSE(source.Read(first_page + kPage - sizeof(text) + 1, text, sizeof(text)));
  EXPECT_FALSE(source.Read(first_page + kPage, text, 1));
  EXPECT_FALSE(source.Read(0, text, 1));
  EXPECT_FALSE(source.Read(uint64_t{1} << 60, text, 1));
}

TEST_F(HalfReadable, TriedMemoryRefusesWhatCannotBeRead) {
  ExpectReadsOnlyTheFirstPage(TriedMemory{}, At(0));
}

TEST_F(HalfReadable, CheckedMemoryRefusesWhatCannotBeRead) {
  ExpectReadsOnlyTheFirstPage(CheckedMemory{getpid()}, At(0));
}

}  // namespace
}  // namespace lineprof
