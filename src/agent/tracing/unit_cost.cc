#include "agent/tracing/unit_cost.h"

#include <algorithm>
#include <limits>

namespace lineprof {
namespace {

constexpr uint32_t kUnitBytes = 2;

constexpr uint8_t kResume = 151;  // 3.11: a call's event, not looked at for a line's start

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

// What comes after it is not reached from before it: RETURN_VALUE, JUMP_FORWARD, RAISE_VARARGS and
// JUMP_ABSOLUTE (Lib/opcode.py, 3.8 to 3.10); 3.11 has JUMP_BACKWARD and _NO_INTERRUPT for the
// last.
bool EndsFlow(LineTableFormat format, uint8_t opcode) {
  if (opcode == 83 || opcode == 110 || opcode == 130) return true;
  if (format == LineTableFormat::kLocations) return opcode == 140 || opcode == 134;
  return opcode == 113;
}

}  // namespace

std::vector<UnitCost> UnitCostsOf(const LineTable& lines, LineTableFormat format,
                                  std::string_view table, std::string_view code) {
  constexpr uint16_t kMost = std::numeric_limits<uint16_t>::max();
  const auto units = static_cast<uint32_t>(code.size() / kUnitBytes);
  const std::vector<bool> starts = Starts(format, table, units);
  std::vector<UnitCost> costs(units);
  uint32_t searched = 0;
  for (const LineRange& range : lines.ranges()) {
    // The first entry leads from the def's line to the first range.
    if (format == LineTableFormat::kLnotab && searched < kMost) ++searched;
    uint16_t count = 0;
    for (uint32_t unit = std::min(range.end / kUnitBytes, units);
         unit > range.begin / kUnitBytes;) {
      --unit;
      const auto opcode = static_cast<uint8_t>(code[unit * kUnitBytes]);
      if (starts[unit] && EndsFlow(format, opcode)) count = 0;
      const bool is_resume = format == LineTableFormat::kLocations && opcode == kResume;
      if (starts[unit] && !is_resume && count < kMost) ++count;
      costs[unit] = {count, static_cast<uint16_t>(searched)};
    }
  }
  return costs;
}

}  // namespace lineprof
