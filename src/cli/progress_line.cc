#include "cli/progress_line.h"

#include <fmt/format.h>

#include "base/file.h"

namespace lineprof {
namespace {

constexpr char kEraseLine[] = "\r\033[K";  // ECMA-48: erase from the cursor to the end of the line

// 12300 -> "12,300"
std::string WithCommas(uint64_t value) {
  std::string text = std::to_string(value);
  for (size_t i = text.size(); i > 3;) {
    i -= 3;
    text.insert(i, ",");
  }
  return text;
}

}  // namespace

std::string FormatProgress(const ProgressFacts& facts) {
  return fmt::format("{:.1f} s, {} sample{}, {} process{}", facts.elapsed_s,
                     WithCommas(facts.samples), facts.samples == 1 ? "" : "s", facts.processes,
                     facts.processes == 1 ? "" : "es");
}

void ProgressLine::Show(const ProgressFacts& facts) {
  if (!enabled_ || facts.elapsed_s < kSilentSeconds) return;
  shown_ = true;
  WriteAll(fd_, kEraseLine + ("lineprof: " + FormatProgress(facts)));
}

void ProgressLine::Erase() {
  if (shown_) WriteAll(fd_, kEraseLine);
  shown_ = false;
}

}  // namespace lineprof
