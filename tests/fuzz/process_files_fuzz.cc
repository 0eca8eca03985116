// Throws text at what takes apart the kernel's files of a process (/proc), and at the search for an
// interpreter's version in its data.
#include "attach/target.h"
#include "base/process_files.h"
#include "fuzz/fuzz_check.h"

namespace lineprof {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = fuzz::AsText(data, size);
  (void)ParseStat(text);
  (void)StatusNumbers(text, "NSpid");
  for (const Mapping& mapping : ParseMaps(text)) {
    fuzz::Check(mapping.begin < mapping.end, "no mapping is empty");
    fuzz::Check(mapping.path.empty() || mapping.path[0] == '/', "a mapping's path is absolute");
  }
  const uint32_t version = FindVersionText(text);
  const uint32_t major = version >> 16;
  fuzz::Check(version == 0 || major == 2 || major == 3, "a version is that of a Python");
  return 0;
}

}  // namespace lineprof
