// Symbols of an ELF file that a process has mapped: found in the process's memory, by the tables
// that its dynamic loader uses. So no file is opened: it may be deleted, replaced by an update, or
// in another mount namespace.
//
// Only dynamic symbols, found by their GNU hash table (DT_GNU_HASH; "ELF: symbol hash tables",
// https://flapenguin.me/elf-dt-gnu-hash, and glibc's elf/dl-lookup.c): those that extension modules
// link to, so all that lineprof looks for. 64 bit. Believes nothing: sizes and chains are bounded,
// every read is checked. THREAD: any.
#ifndef LINEPROF_ATTACH_ELF_SYMBOLS_H_
#define LINEPROF_ATTACH_ELF_SYMBOLS_H_

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "pyruntime/memory.h"

namespace lineprof {

struct AddressRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

class ElfSymbols {
 public:
  // `begin`: where the file's first byte is mapped. Nothing if there is no ELF file with dynamic
  // symbols.
  static std::optional<ElfSymbols> Read(const CheckedMemory& memory, uint64_t begin);

  // The address of the symbol that is defined there under that name; 0 if there is none.
  uint64_t Find(std::string_view name) const;

  // Its writable segments, zero-initialised data too.
  const std::vector<AddressRange>& writable() const { return writable_; }

 private:
  explicit ElfSymbols(const CheckedMemory& memory) : memory_(memory) {}
  bool ReadSegments(uint64_t begin);
  bool ReadDynamic(uint64_t address, uint64_t size);
  bool ReadHashHeader();
  // The address of symbol `index`, if it is called `name` and defined.
  uint64_t SymbolNamed(uint32_t index, std::string_view name) const;

  CheckedMemory memory_;
  uint64_t begin_ = 0;
  uint64_t bias_ = 0;  // address in memory less address in the file
  uint64_t symbols_ = 0;
  uint64_t strings_ = 0;
  uint64_t hash_ = 0;
  uint64_t buckets_ = 0;  // addresses
  uint64_t chains_ = 0;
  uint32_t bucket_count_ = 0;
  uint32_t first_hashed_ = 0;
  std::vector<AddressRange> writable_;
};

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_ELF_SYMBOLS_H_
