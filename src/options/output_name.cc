#include "options/output_name.h"

#include <ctime>

#include "base/clock.h"

namespace lineprof {
namespace {

constexpr std::string_view kCodes = "phnt%";

// Calls `on_text(char)` and `on_code(letter, position)` for what `name` is made of. A lone % at the
// end has the letter 0.
template <typename OnText, typename OnCode>
void ForEachPart(std::string_view name, OnText on_text, OnCode on_code) {
  for (size_t i = 0; i < name.size(); i++) {
    if (name[i] != '%') {
      on_text(name[i]);
      continue;
    }
    on_code(i + 1 < name.size() ? name[i + 1] : '\0', i);
    i++;
  }
}

std::string LocalTime(uint64_t realtime_ns) {
  const auto seconds = static_cast<time_t>(realtime_ns / kNsPerSecond);
  tm local{};
  char text[32];
  if (localtime_r(&seconds, &local) == nullptr) return "0";
  const size_t size = strftime(text, sizeof(text), "%Y%m%dT%H%M%S", &local);
  return {text, size};
}

}  // namespace

Result<void> CheckOutputName(std::string_view name) {
  Result<void> checked;
  const size_t slash = name.rfind('/');
  const size_t last_part = slash == std::string_view::npos ? 0 : slash + 1;
  ForEachPart(
      name, [](char) {},
      [&](char letter, size_t position) {
        if (letter == '\0' || kCodes.find(letter) == std::string_view::npos) {
          checked = Error{"--out " + std::string(name) +
                          ": % must be followed by p, h, n, t or another %"};
        } else if ((letter == 'p' || letter == 'n') && position < last_part) {
          checked = Error{"--out " + std::string(name) + ": %" + letter +
                          " cannot stand in the name of a directory"};
        }
      });
  return checked;
}

bool HasNameCode(std::string_view name, char letter) {
  bool has = false;
  ForEachPart(
      name, [](char) {}, [&](char code, size_t) { has = has || code == letter; });
  return has;
}

std::string ExpandOutputName(std::string_view name, const NameFacts& facts) {
  std::string out;
  ForEachPart(
      name, [&out](char c) { out += c; },
      [&](char letter, size_t) {
        switch (letter) {
          case 'p':
            out += std::to_string(facts.pid);
            break;
          case 'h':
            out += facts.host;
            break;
          case 'n':
            out += std::to_string(facts.number);
            break;
          case 't':
            out += LocalTime(facts.start_realtime_ns);
            break;
          default:
            out += '%';
        }
      });
  return out;
}

}  // namespace lineprof
