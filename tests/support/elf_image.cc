#include "support/elf_image.h"

#include <elf.h>

#include <cstring>

namespace lineprof::test {
namespace {

// https://flapenguin.me/elf-dt-gnu-hash
uint32_t GnuHash(const std::string& name) {
  uint32_t hash = 5381;
  for (const char c : name) hash = hash * 33 + static_cast<unsigned char>(c);
  return hash;
}

}  // namespace

ElfImage::ElfImage(const Symbols& symbols) {
  auto& header = At<Elf64_Ehdr>(0);
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_phoff = kSegments;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 2;
  constexpr uint64_t kDynamicBytes = 4 * sizeof(Elf64_Dyn);
  At<Elf64_Phdr>(kSegments) = {PT_LOAD, PF_R | PF_W, 0, 0, 0, kBytes, kBytes, kBytes};
  At<Elf64_Phdr>(kSegments + sizeof(Elf64_Phdr)) = {
      PT_DYNAMIC, PF_R, kDynamic, kDynamic, kDynamic, kDynamicBytes, kDynamicBytes, 8};
  At<Elf64_Dyn>(kDynamic) = {DT_SYMTAB, {kSymbols}};
  At<Elf64_Dyn>(kDynamic + sizeof(Elf64_Dyn)) = {DT_STRTAB, {kStrings}};
  At<Elf64_Dyn>(kDynamic + 2 * sizeof(Elf64_Dyn)) = {DT_GNU_HASH, {kHash}};

  // One bucket: all symbols from the first on are its chain. The bloom filter lets all pass.
  const uint32_t head[] = {1, 1, 1, 6, ~0u, ~0u, 1};
  std::memcpy(bytes + kHash, head, sizeof(head));
  size_t name_at = 1;
  for (size_t i = 0; i < symbols.size(); ++i) {
    const auto& [name, address] = symbols[i];
    At<Elf64_Sym>(kSymbols + (i + 1) * sizeof(Elf64_Sym)) = {
        static_cast<uint32_t>(name_at), 0, 0, 5, address - begin(), 8};
    std::memcpy(bytes + kStrings + name_at, name.c_str(), name.size() + 1);
    name_at += name.size() + 1;
    const uint32_t last = i + 1 == symbols.size() ? 1 : 0;
    At<uint32_t>(kHash + sizeof(head) + i * 4) = (GnuHash(name) & ~1u) | last;
  }
}

}  // namespace lineprof::test
