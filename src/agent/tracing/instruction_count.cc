#include "agent/tracing/instruction_count.h"

#include <algorithm>
#include <limits>

namespace lineprof {
namespace {

constexpr uint32_t kUnitBytes = 2;

// Which units are instructions rather than caches of the one before.
std::vector<bool> Starts(LineTableFormat format, std::string_view table, uint32_t units) {
  if (format != LineTableFormat::kLocations) return std::vector<bool>(units, true);
  std::vector<bool> starts(units, false);
  uint32_t unit = 0;
  for (const char byte : table) {
    const auto head = static_cast<uint8_t>(byte);
    if ((head & 0x80) == 0) continue;  // not the first byte of an entry
    if (unit < units) starts[unit] = true;
    unit += (head & 7u) + 1;
  }
  return starts;
}

}  // namespace

std::vector<uint16_t> InstructionsLeft(const LineTable& lines, LineTableFormat format,
                                       std::string_view table, uint32_t units) {
  constexpr uint16_t kMost = std::numeric_limits<uint16_t>::max();
  const std::vector<bool> starts = Starts(format, table, units);
  std::vector<uint16_t> left(units, 0);
  for (const LineRange& range : lines.ranges()) {
    uint16_t count = 0;
    for (uint32_t unit = std::min(range.end / kUnitBytes, units);
         unit > range.begin / kUnitBytes;) {
      --unit;
      if (starts[unit] && count < kMost) ++count;
      left[unit] = count;
    }
  }
  return left;
}

}  // namespace lineprof
