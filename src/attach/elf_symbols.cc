#include "attach/elf_symbols.h"

#include <elf.h>

#include <cstring>
#include <string>

namespace lineprof {
namespace {

constexpr uint16_t kMaxSegments = 64;
constexpr uint64_t kMaxDynamicEntries = 1024;
constexpr uint32_t kMaxChain = 4096;
constexpr uint64_t kPage = 4096;

uint32_t GnuHash(std::string_view name) {
  uint32_t hash = 5381;
  for (const char c : name) hash = hash * 33 + static_cast<unsigned char>(c);
  return hash;
}

}  // namespace

std::optional<ElfSymbols> ElfSymbols::Read(const CheckedMemory& memory, uint64_t begin) {
  ElfSymbols symbols(memory);
  if (!symbols.ReadSegments(begin) || !symbols.ReadHashHeader()) return {};
  return symbols;
}

bool ElfSymbols::ReadSegments(uint64_t begin) {
  begin_ = begin;
  Elf64_Ehdr header;
  if (!ReadValue(memory_, begin, &header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_phentsize != sizeof(Elf64_Phdr) ||
      header.e_phnum > kMaxSegments) {
    return false;
  }
  std::vector<Elf64_Phdr> segments(header.e_phnum);
  if (!memory_.Read(begin + header.e_phoff, segments.data(), segments.size() * sizeof(Elf64_Phdr)))
    return false;
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type == PT_LOAD && segment.p_offset == 0) bias_ = begin - segment.p_vaddr;
  }
  bool has_dynamic = false;
  for (const Elf64_Phdr& segment : segments) {
    const uint64_t address = segment.p_vaddr + bias_;
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_W) != 0) {
      writable_.push_back({address & ~(kPage - 1), address + segment.p_memsz});
    }
    if (segment.p_type == PT_DYNAMIC) has_dynamic = ReadDynamic(address, segment.p_memsz);
  }
  return has_dynamic;
}

bool ElfSymbols::ReadDynamic(uint64_t address, uint64_t size) {
  const uint64_t count = size / sizeof(Elf64_Dyn);
  if (count > kMaxDynamicEntries) return false;
  std::vector<Elf64_Dyn> entries(count);
  if (!memory_.Read(address, entries.data(), count * sizeof(Elf64_Dyn))) return false;
  // glibc's loader has made absolute addresses of these, others leave them as they are in the file.
  const auto absolute = [this](uint64_t value) { return value < begin_ ? value + bias_ : value; };
  for (const Elf64_Dyn& entry : entries) {
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_SYMTAB) symbols_ = absolute(entry.d_un.d_ptr);
    if (entry.d_tag == DT_STRTAB) strings_ = absolute(entry.d_un.d_ptr);
    if (entry.d_tag == DT_GNU_HASH) hash_ = absolute(entry.d_un.d_ptr);
  }
  return symbols_ != 0 && strings_ != 0 && hash_ != 0;
}

bool ElfSymbols::ReadHashHeader() {
  struct {
    uint32_t bucket_count;
    uint32_t first_hashed;
    uint32_t bloom_words;  // of 8 bytes
    uint32_t bloom_shift;
  } header;
  if (!ReadValue(memory_, hash_, &header) || header.bucket_count == 0) return false;
  bucket_count_ = header.bucket_count;
  first_hashed_ = header.first_hashed;
  buckets_ = hash_ + sizeof(header) + uint64_t{header.bloom_words} * 8;
  chains_ = buckets_ + uint64_t{bucket_count_} * 4;
  return true;
}

uint64_t ElfSymbols::Find(std::string_view name) const {
  const uint32_t hash = GnuHash(name);
  uint32_t index = 0;
  if (!ReadValue(memory_, buckets_ + uint64_t{hash % bucket_count_} * 4, &index)) return 0;
  if (index < first_hashed_) return 0;
  for (uint32_t steps = 0; steps < kMaxChain; ++steps, ++index) {
    uint32_t chain = 0;
    if (!ReadValue(memory_, chains_ + uint64_t{index - first_hashed_} * 4, &chain)) return 0;
    if ((chain | 1) == (hash | 1)) {
      if (const uint64_t address = SymbolNamed(index, name)) return address;
    }
    if ((chain & 1) != 0) return 0;  // the last of its bucket
  }
  return 0;
}

uint64_t ElfSymbols::SymbolNamed(uint32_t index, std::string_view name) const {
  Elf64_Sym symbol;
  std::string text(name.size() + 1, '\0');
  if (!ReadValue(memory_, symbols_ + uint64_t{index} * sizeof(symbol), &symbol) ||
      symbol.st_shndx == SHN_UNDEF ||
      !memory_.Read(strings_ + symbol.st_name, text.data(), text.size())) {
    return 0;
  }
  if (text.back() != '\0' || std::string_view(text).substr(0, name.size()) != name) return 0;
  return symbol.st_value + bias_;
}

}  // namespace lineprof
