// Throws bytes at the decoder of Python sources (PEP 263): whatever they are, lines of UTF-8 come
// out.
#include "base/utf8.h"
#include "fuzz/fuzz_check.h"
#include "profile/source_cache.h"

namespace lineprof {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const SourceText source = DecodeSource(std::string(fuzz::AsText(data, size)));
  fuzz::Check(source.state == SourceText::State::kRead, "no source is refused");
  fuzz::Check(source.note.find('\n') == std::string::npos, "a note is one line");
  for (const std::string& line : source.lines) {
    fuzz::Check(line.find_first_of("\r\n") == std::string::npos, "a line has no end in it");
    fuzz::Check(ReplaceInvalidUtf8(line) == line, "a line is well-formed UTF-8");
  }
  return 0;
}

}  // namespace lineprof
