// Throws words at the parser of the command line, which only looks at them: a refusal is one line.
//
// An input: words, a NUL behind each but the last.
#include <string>
#include <vector>

#include "fuzz/fuzz_check.h"
#include "options/options.h"

namespace lineprof {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::vector<std::string> words;
  std::string_view rest = fuzz::AsText(data, size);
  for (size_t end = 0; end != std::string_view::npos;) {
    end = rest.find('\0');
    words.emplace_back(rest.substr(0, end));
    if (end != std::string_view::npos) rest.remove_prefix(end + 1);
  }
  const Result<CommandLine> command = ParseCommandLine(words);
  if (!command.ok()) fuzz::Check(!command.error().empty(), "a refusal says why");
  return 0;
}

}  // namespace lineprof
