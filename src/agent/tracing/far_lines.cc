#include "agent/tracing/far_lines.h"

#include <algorithm>

namespace lineprof {
namespace {

constexpr uint32_t kUnitBytes = 2;
constexpr size_t kUnitsPerLine = 16;

// What UnitLine::delta can be; between kSearchedToo and kFarthest it is a distance.
constexpr int kNoLine = -128;       // also of caches
constexpr int kSearched = -127;     // 3.13: and surely another line than before
constexpr int kSearchedToo = -126;  // 3.13; in 3.12 a distance too
constexpr int kFarthest = 127;

int64_t Distance(int32_t line, uint32_t first_line, size_t unit) {
  return int64_t{line} - first_line - static_cast<int64_t>(unit / kUnitsPerLine);
}

bool Fits(int64_t distance) { return distance > kSearched && distance <= kFarthest; }

// By unit, the bytes of the table up to the end of the entry that the unit is in.
std::vector<uint32_t> BytesUpTo(std::string_view table, size_t units) {
  std::vector<uint32_t> bytes;
  for (size_t at = 0; at < table.size() && bytes.size() < units;) {
    const uint32_t length = (static_cast<uint8_t>(table[at]) & 7u) + 1;
    ++at;
    while (at < table.size() && (static_cast<uint8_t>(table[at]) & 0x80) == 0) ++at;
    bytes.insert(bytes.end(), length, static_cast<uint32_t>(at));
  }
  bytes.resize(units, static_cast<uint32_t>(table.size()));
  return bytes;
}

// The units of a range of the table, cut off where there are no more.
struct Units {
  size_t begin;
  size_t end;
};
Units UnitsOf(const LineRange& range, size_t most) {
  return {std::min<size_t>(range.begin / kUnitBytes, most),
          std::min<size_t>(range.end / kUnitBytes, most)};
}

// Whether the deltas are 3.13's.
bool MarksChanges(const LineTable& lines, uint32_t first_line, std::span<const UnitLine> units) {
  for (const LineRange& range : lines.ranges()) {
    const auto [begin, end] = UnitsOf(range, units.size());
    for (size_t unit = begin; unit < end; ++unit) {
      if (units[unit].delta == kSearchedToo &&
          Distance(range.line, first_line, unit) != kSearchedToo) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace

uint32_t FirstFarLine(const LineTable& lines, uint32_t first_line) {
  uint32_t first = 0;
  for (const LineRange& range : lines.ranges()) {
    if (range.line < 1 || range.end <= range.begin) continue;
    const size_t last = (range.end - 1) / kUnitBytes;
    const bool fits = Fits(Distance(range.line, first_line, range.begin / kUnitBytes)) &&
                      Fits(Distance(range.line, first_line, last));
    const auto line = static_cast<uint32_t>(range.line);
    if (!fits && (first == 0 || line < first)) first = line;
  }
  return first;
}

std::vector<FarPlace> FarPlacesOf(const LineTable& lines, std::string_view table,
                                  uint32_t first_line, std::span<const UnitLine> units) {
  const std::vector<uint32_t> bytes = BytesUpTo(table, units.size());
  const bool marks_changes = MarksChanges(lines, first_line, units);
  const int last_searched = marks_changes ? kSearchedToo : kSearched;
  std::vector<FarPlace> places(units.size());
  for (const LineRange& range : lines.ranges()) {
    const auto [begin, end] = UnitsOf(range, units.size());
    uint32_t inside = 0;
    uint32_t at_end = 0;
    for (size_t unit = end; unit > begin;) {
      --unit;
      const UnitLine& line = units[unit];
      if (line.delta == kNoLine) continue;
      const uint32_t here = line.delta <= last_searched ? bytes[unit] : 0;
      if (at_end == 0) at_end = here;
      places[unit] = {here, inside, at_end, !marks_changes || line.delta != kSearched};
      // The unit before it is about as far.
      if (line.original_opcode != 0) inside += 2 * here;
    }
  }
  return places;
}

}  // namespace lineprof
