#include "pyruntime/line_table.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

namespace lineprof {
namespace {

constexpr uint32_t kCodeUnitBytes = 2;

// Strings up the ranges of one table: each begins where the one before it ends.
class RangeList {
 public:
  // Adds the next `length` bytes. False if their end or their line is beyond what fits, which only
  // a damaged table can ask for.
  bool Add(uint32_t length, int64_t line) {
    if (length == 0) return true;
    const uint32_t begin = ranges_.empty() ? 0 : ranges_.back().end;
    if (length > std::numeric_limits<uint32_t>::max() - begin) return false;
    if (line < std::numeric_limits<int32_t>::min() || line > std::numeric_limits<int32_t>::max()) {
      return false;
    }
    if (!ranges_.empty() && ranges_.back().line == line) {
      ranges_.back().end += length;
    } else {
      ranges_.push_back({begin, begin + length, static_cast<int32_t>(line)});
    }
    return true;
  }

  // Adds all that is left.
  void AddRest(int64_t line) {
    const uint32_t begin = ranges_.empty() ? 0 : ranges_.back().end;
    Add(std::numeric_limits<uint32_t>::max() - begin, line);
  }

  std::vector<LineRange> Take() { return std::move(ranges_); }

 private:
  std::vector<LineRange> ranges_;
};

// Pairs of (bytes to go, then signed change of the line). A last odd byte is no pair.
std::vector<LineRange> DecodeLnotab(std::string_view table, int64_t line) {
  RangeList ranges;
  for (size_t i = 0; i + 1 < table.size(); i += 2) {
    if (!ranges.Add(static_cast<uint8_t>(table[i]), line)) return ranges.Take();
    line += static_cast<int8_t>(table[i + 1]);
  }
  ranges.AddRest(line);
  return ranges.Take();
}

// Pairs of (bytes of the range, signed change of the line before it); -128: the range has no line,
// and the line to count from stays.
std::vector<LineRange> DecodePep626(std::string_view table, int64_t line) {
  constexpr int8_t kNoLineDelta = -128;
  RangeList ranges;
  for (size_t i = 0; i + 1 < table.size(); i += 2) {
    const auto delta = static_cast<int8_t>(table[i + 1]);
    if (delta != kNoLineDelta) line += delta;
    if (!ranges.Add(static_cast<uint8_t>(table[i]),
                    delta == kNoLineDelta ? LineRange::kNoLine : line)) {
      break;
    }
  }
  return ranges.Take();
}

// Reads the location entries of 3.11+. An entry starts with a byte 1cccclll (code, length - 1 in
// code units); the bytes that follow it, as its code says, have the highest bit clear, so that a
// damaged table is noticed at the next entry.
class LocationReader {
 public:
  struct Entry {
    uint32_t length = 0;  // bytes of instructions
    bool has_line = false;
    int64_t line_delta = 0;
  };

  explicit LocationReader(std::string_view table) : table_(table) {}

  // The next entry; nothing at the end of the table or of its sound part.
  std::optional<Entry> Next() {
    if (position_ == table_.size()) return std::nullopt;
    const auto head = static_cast<uint8_t>(table_[position_++]);
    if ((head & kEntryStart) == 0) return std::nullopt;
    const int code = (head >> 3) & 15;
    Entry entry{.length = (head & 7u) * kCodeUnitBytes + kCodeUnitBytes,
                .has_line = code != kNoLocation,
                .line_delta = 0};
    if (!ReadRest(code, &entry.line_delta)) return std::nullopt;
    return entry;
  }

 private:
  static constexpr uint8_t kEntryStart = 0x80;
  // Codes; below kOneLine0 the columns are short and the line is the one before.
  static constexpr int kOneLine0 = 10;  // and 11, 12: the line 0, 1 or 2 further down
  static constexpr int kNoColumns = 13;
  static constexpr int kLong = 14;
  static constexpr int kNoLocation = 15;

  bool ReadRest(int code, int64_t* line_delta) {
    uint32_t ignored = 0;
    switch (code) {
      case kNoLocation:
        return true;
      case kLong:  // then the end line, the column and the end column
        return ReadSignedVarint(line_delta) && ReadVarint(&ignored) && ReadVarint(&ignored) &&
               ReadVarint(&ignored);
      case kNoColumns:
        return ReadSignedVarint(line_delta);
      default:
        if (code < kOneLine0) return ReadByte(&ignored);
        *line_delta = code - kOneLine0;
        return ReadByte(&ignored) && ReadByte(&ignored);
    }
  }

  bool ReadByte(uint32_t* byte) {
    if (position_ == table_.size()) return false;
    *byte = static_cast<uint8_t>(table_[position_++]);
    return (*byte & kEntryStart) == 0;
  }

  // Six bits a byte, the lowest first; 0x40: more follow.
  bool ReadVarint(uint32_t* value) {
    *value = 0;
    for (int shift = 0; shift < std::numeric_limits<uint32_t>::digits; shift += 6) {
      uint32_t byte = 0;
      if (!ReadByte(&byte)) return false;
      *value |= (byte & 0x3f) << shift;
      if ((byte & 0x40) == 0) return true;
    }
    return false;
  }

  // The sign is the lowest bit.
  bool ReadSignedVarint(int64_t* value) {
    uint32_t bits = 0;
    if (!ReadVarint(&bits)) return false;
    const int64_t magnitude = bits >> 1;
    *value = (bits & 1) != 0 ? -magnitude : magnitude;
    return true;
  }

  std::string_view table_;
  size_t position_ = 0;
};

std::vector<LineRange> DecodeLocations(std::string_view table, int64_t line) {
  RangeList ranges;
  LocationReader reader(table);
  while (const auto entry = reader.Next()) {
    line += entry->line_delta;
    if (!ranges.Add(entry->length, entry->has_line ? line : LineRange::kNoLine)) break;
  }
  return ranges.Take();
}

std::vector<LineRange> Decode(LineTableFormat format, std::string_view table, uint32_t first_line) {
  switch (format) {
    case LineTableFormat::kLnotab:
      return DecodeLnotab(table, first_line);
    case LineTableFormat::kPep626:
      return DecodePep626(table, first_line);
    case LineTableFormat::kLocations:
      return DecodeLocations(table, first_line);
  }
  return {};  // a format that the enum does not have, from a damaged recording
}

}  // namespace

LineTable::LineTable(LineTableFormat format, std::string_view table, uint32_t first_line)
    : ranges_(Decode(format, table, first_line)), first_line_(first_line) {}

uint32_t LineTable::LineOf(int32_t instruction) const {
  if (instruction < 0) return first_line_;
  const auto offset = static_cast<uint32_t>(instruction);
  // The ranges have no gaps, so the first that ends behind the offset is the one.
  auto range = std::upper_bound(ranges_.begin(), ranges_.end(), offset,
                                [](uint32_t at, const LineRange& r) { return at < r.end; });
  if (range == ranges_.end()) return first_line_;
  while (range->line < 1) {
    if (range == ranges_.begin()) return first_line_;
    --range;
  }
  return static_cast<uint32_t>(range->line);
}

}  // namespace lineprof
