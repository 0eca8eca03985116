// Throws text at what processes tell each other in a line: the settings of the agent, and its
// questions. What is understood must be what would have been written.
#include <optional>

#include "fuzz/fuzz_check.h"
#include "recording/choice_channel.h"
#include "recording/settings.h"

namespace lineprof {

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = fuzz::AsText(data, size);
  const Result<Settings> settings = DecodeSettings(text);
  if (settings.ok()) {
    fuzz::Check(EncodeSettings(settings.value()) == text, "settings are read as they are written");
  }
  const std::optional<ChoiceQuestion> question = DecodeQuestion(text);
  if (question) {
    fuzz::Check(EncodeQuestion(*question) == text, "questions are read as they are written");
  }
  return 0;
}

}  // namespace lineprof
