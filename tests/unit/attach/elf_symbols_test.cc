// Symbols are looked for in this very process: the dynamic loader knows the right answers.
#include "attach/elf_symbols.h"

#include <dlfcn.h>
#include <elf.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>

namespace lineprof {
namespace {

const CheckedMemory kOwn{getpid()};

// Where the library with that function is mapped.
uint64_t LibraryOf(const void* function) {
  Dl_info info{};
  return dladdr(function, &info) != 0 ? reinterpret_cast<uint64_t>(info.dli_fbase) : 0;
}

TEST(ElfSymbols, FindsWhatTheLoaderFinds) {
  const auto symbols = ElfSymbols::Read(kOwn, LibraryOf(reinterpret_cast<const void*>(&getpid)));
  ASSERT_TRUE(symbols);
  for (const char* name : {"getpid", "environ", "malloc", "pthread_create"}) {
    EXPECT_EQ(symbols->Find(name), reinterpret_cast<uint64_t>(dlsym(RTLD_DEFAULT, name))) << name;
  }
}

TEST(ElfSymbols, FindsNothingUnderOtherNames) {
  const auto symbols = ElfSymbols::Read(kOwn, LibraryOf(reinterpret_cast<const void*>(&getpid)));
  ASSERT_TRUE(symbols);
  for (const char* name : {"", "getpi", "getpidd", "_PyRuntime"}) {
    EXPECT_EQ(symbols->Find(name), 0u) << name;
  }
}

TEST(ElfSymbols, KnowsItsWritableData) {
  const auto symbols = ElfSymbols::Read(kOwn, LibraryOf(reinterpret_cast<const void*>(&getpid)));
  ASSERT_TRUE(symbols);
  const auto address = reinterpret_cast<uint64_t>(dlsym(RTLD_DEFAULT, "environ"));
  bool found = false;
  for (const AddressRange& range : symbols->writable()) {
    found |= address >= range.begin && address < range.end;
  }
  EXPECT_TRUE(found);
}

TEST(ElfSymbols, RefusesWhatIsNoElfFile) {
  alignas(4096) static char page[4096] = "no ELF file";
  EXPECT_FALSE(ElfSymbols::Read(kOwn, reinterpret_cast<uint64_t>(page)));
  EXPECT_FALSE(ElfSymbols::Read(kOwn, 0));
  EXPECT_FALSE(ElfSymbols::Read(kOwn, uint64_t{1} << 60));
}

// A file of one page whose tables are made by hand; each test spoils one thing.
struct Image {
  alignas(4096) unsigned char bytes[4096] = {};
  uint64_t begin() const { return reinterpret_cast<uint64_t>(bytes); }
  template <typename T>
  T& At(size_t offset) {
    return *reinterpret_cast<T*>(bytes + offset);
  }

  Image() {
    auto& header = At<Elf64_Ehdr>(0);
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = ELFCLASS64;
    header.e_phoff = 64;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = 2;
    At<Elf64_Phdr>(64) = {PT_LOAD, PF_R | PF_W, 0, 0, 0, 4096, 4096, 4096};
    At<Elf64_Phdr>(64 + sizeof(Elf64_Phdr)) = {PT_DYNAMIC, PF_R, 512, 512, 512, 64, 64, 8};
    At<Elf64_Dyn>(512) = {DT_SYMTAB, {1024}};
    At<Elf64_Dyn>(528) = {DT_STRTAB, {1280}};
    At<Elf64_Dyn>(544) = {DT_GNU_HASH, {1536}};
    At<Elf64_Sym>(1024 + sizeof(Elf64_Sym)) = {1, 0, 0, 5, 2048, 8};
    std::memcpy(bytes + 1281, "a", 2);
    const uint32_t hash = 5381 * 33 + 'a';
    const uint32_t table[] = {1, 1, 1, 6, ~0u, ~0u, 1, hash | 1};  // one bucket, one symbol
    std::memcpy(bytes + 1536, table, sizeof(table));
  }
};

TEST(ElfSymbols, ReadsAnImageMadeByHand) {
  Image image;
  const auto symbols = ElfSymbols::Read(kOwn, image.begin());
  ASSERT_TRUE(symbols);
  EXPECT_EQ(symbols->Find("a"), image.begin() + 2048);
  EXPECT_EQ(symbols->Find("b"), 0u);
}

TEST(ElfSymbols, GivesNoSymbolThatIsOnlyUsedThere) {
  Image image;
  image.At<Elf64_Sym>(1024 + sizeof(Elf64_Sym)).st_shndx = SHN_UNDEF;
  const auto symbols = ElfSymbols::Read(kOwn, image.begin());
  ASSERT_TRUE(symbols);
  EXPECT_EQ(symbols->Find("a"), 0u);
}

TEST(ElfSymbols, EndsInAChainWithoutEnd) {
  Image image;
  const uint32_t hash = 5381 * 33 + 'a';
  for (size_t i = 0; i < 200; i++) image.At<uint32_t>(1536 + 28 + 4 * i) = hash & ~1u;
  std::memset(image.bytes + 1281, 'z', 8);
  const auto symbols = ElfSymbols::Read(kOwn, image.begin());
  ASSERT_TRUE(symbols);
  EXPECT_EQ(symbols->Find("a"), 0u);
}

TEST(ElfSymbols, RefusesAbsurdTables) {
  const auto spoilt = [](auto spoil) {
    Image image;
    spoil(image);
    return !ElfSymbols::Read(kOwn, image.begin()).has_value();
  };
  EXPECT_TRUE(spoilt([](Image& i) { i.At<Elf64_Ehdr>(0).e_phnum = 65000; }));
  EXPECT_TRUE(spoilt([](Image& i) { i.At<Elf64_Ehdr>(0).e_phentsize = 1; }));
  EXPECT_TRUE(spoilt([](Image& i) { i.At<Elf64_Ehdr>(0).e_ident[EI_CLASS] = ELFCLASS32; }));
  EXPECT_TRUE(spoilt([](Image& i) { i.At<Elf64_Phdr>(120).p_memsz = uint64_t{1} << 40; }));
  EXPECT_TRUE(spoilt([](Image& i) { i.At<Elf64_Dyn>(544).d_tag = DT_HASH; }));
  EXPECT_TRUE(spoilt([](Image& i) { i.At<uint32_t>(1536) = 0; }));  // no buckets
}

}  // namespace
}  // namespace lineprof
