// Looks for symbols in mapped files that are anything.
//
// An input: the image of the file, as it is mapped.
#include <unistd.h>

#include "attach/elf_symbols.h"
#include "fuzz/mapped_image.h"

namespace lineprof {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static fuzz::MappedImage image;
  image.Fill(fuzz::AsText(data, size));
  const auto symbols = ElfSymbols::Read(CheckedMemory{getpid()}, fuzz::MappedImage::kBegin);
  if (!symbols) return 0;
  for (const char* name : {"a", "_PyRuntime", ""}) (void)symbols->Find(name);
  return 0;
}

}  // namespace lineprof
