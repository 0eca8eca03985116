#include "pyruntime/line_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace lineprof {

void PrintTo(const LineRange& range, std::ostream* out) {
  *out << "[" << range.begin << ", " << range.end << ") line " << range.line;
}

namespace {

using Ranges = std::vector<LineRange>;

constexpr LineTableFormat kLnotab = LineTableFormat::kLnotab;
constexpr LineTableFormat kPep626 = LineTableFormat::kPep626;
constexpr LineTableFormat kLocations = LineTableFormat::kLocations;
constexpr int32_t kNone = LineRange::kNoLine;
constexpr uint32_t kRest = UINT32_MAX;

// The table as a string: a literal's size, without its final zero.
template <size_t kSize>
std::string Bytes(const char (&literal)[kSize]) {
  return std::string(literal, kSize - 1);
}

struct Case {
  const char* name;
  LineTableFormat format;
  uint32_t first_line;
  std::string table;
  Ranges ranges;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

// The tables named "real" are what the interpreter makes of
//   def f(path):
//       total = 0
//       with open(path) as file:
//           for line in file:
//               total += len(
//                   line)
//       return total
// and their ranges what it says of them (dis.findlinestarts, co_lines).
const std::vector<Case>& Cases() {
  static const std::vector<Case> cases = {
      {"LnotabEmpty", kLnotab, 7, "", {{0, kRest, 7}}},
      {"LnotabReal38",
       kLnotab,
       1,
       Bytes("\x00\x01\x04\x01\x0a\x01\x08\x01\x04\x01\x02\xff\x12\x02"),
       {{0, 4, 2}, {4, 14, 3}, {14, 22, 4}, {22, 26, 5}, {26, 28, 6}, {28, 46, 5}, {46, kRest, 7}}},
      {"LnotabLineStepIsSigned",
       kLnotab,
       300,
       Bytes("\x02\x7f\x02\x80"),
       {{0, 2, 300}, {2, 4, 427}, {4, kRest, 299}}},
      {"LnotabByteStepIsUnsigned",
       kLnotab,
       1,
       Bytes("\xfe\x01\x80\x01"),
       {{0, 254, 1}, {254, 382, 2}, {382, kRest, 3}}},
      {"LnotabLongStepsAreSplit",
       kLnotab,
       1,
       Bytes("\xff\x00\x2d\x7f\x00\x49"),
       {{0, 300, 1}, {300, kRest, 201}}},
      {"LnotabOddByteIsNoPair", kLnotab, 1, Bytes("\x02\x01\x04"), {{0, 2, 1}, {2, kRest, 2}}},
      {"Pep626Empty", kPep626, 7, "", {}},
      {"Pep626Real310",
       kPep626,
       1,
       Bytes("\x04\x01\x0a\x01\x08\x01\x04\x01\x02\x01\x08\xff\x02\xff\x0a\xff\x04\x04\x10\xfc"
             "\x04\x04"),
       {{0, 4, 2},
        {4, 14, 3},
        {14, 22, 4},
        {22, 26, 5},
        {26, 28, 6},
        {28, 36, 5},
        {36, 38, 4},
        {38, 48, 3},
        {48, 52, 7},
        {52, 68, 3},
        {68, 72, 7}}},
      {"Pep626NoLineKeepsTheLineToCountFrom",
       kPep626,
       10,
       Bytes("\x02\x01\x04\x80\x02\x01"),
       {{0, 2, 11}, {2, 6, kNone}, {6, 8, 12}}},
      {"Pep626EmptyRangeOnlyMovesTheLine",
       kPep626,
       10,
       Bytes("\x00\x7f\x02\x01\x00\x81\x00\x80\x02\x00"),
       {{0, 2, 138}, {2, 4, 11}}},
      {"Pep626NeighboursOfOneLineAreOneRange",
       kPep626,
       5,
       Bytes("\xfe\x00\x02\x00\x02\x80\x02\x80"),
       {{0, 256, 5}, {256, 260, kNone}}},
      {"LocationsEmpty", kLocations, 7, "", {}},
      {"LocationsReal313",
       kLocations,
       1,
       Bytes("\x80\x00\xd8\x0c\x0d\x80\x45\xdc\x09\x0d\x88\x64\x8c\x1a\x90\x74\xdb\x14\x18\x88\x44"
             "\xd8\x0c\x11\x94\x53\xd8\x10\x14\xf3\x03\x01\x16\x16\xf1\x00\x01\x0d\x16\x8a\x45\xf1"
             "\x03\x00\x15\x19\xf7\x03\x00\x0a\x14\xf0\x08\x00\x0c\x11\x80\x4c\xf7\x09\x00\x0a\x14"
             "\x8c\x1a\xf0\x08\x00\x0c\x11\x80\x4c\xfa"),
       {{0, 2, 1},
        {2, 6, 2},
        {6, 30, 3},
        {30, 40, 4},
        {40, 52, 5},
        {52, 54, 6},
        {54, 72, 5},
        {72, 76, 4},
        {76, 92, 3},
        {92, 96, 7},
        {96, 122, 3},
        {122, 126, 7},
        {126, 132, kNone}}},
      // A module's first instruction is on line 0.
      {"LocationsReal313Module",
       kLocations,
       1,
       Bytes("\xf0\x03\x01\x01\x01\xf3\x02\x06\x01\x11"),
       {{0, 2, 0}, {2, 10, 1}}},
      {"LocationsShort0To9KeepTheLine",  // codes 0 and 9, 1 and 8 units
       kLocations,
       4,
       Bytes("\x80\x00\xcf\x7f"),
       {{0, 18, 4}}},
      {"LocationsOneLine10To12",
       kLocations,
       4,
       Bytes("\xd0\x01\x02\xd9\x01\x02\xe2\x01\x02"),
       {{0, 2, 4}, {2, 6, 5}, {6, 12, 7}}},
      {"LocationsNoColumns13",  // +1, then -2
       kLocations,
       4,
       Bytes("\xe8\x02\xe8\x05"),
       {{0, 2, 5}, {2, 4, 3}}},
      {"LocationsLong14",  // +100 as 0b1100'1000: 001000 then 000011; end +1, columns 70 and 1
       kLocations,
       4,
       Bytes("\xf1\x48\x03\x01\x46\x01\x01"),
       {{0, 4, 104}}},
      {"LocationsNone15KeepsTheLineToCountFrom",
       kLocations,
       4,
       Bytes("\xd8\x00\x00\xff\xd8\x00\x00"),
       {{0, 2, 5}, {2, 18, kNone}, {18, 20, 6}}},
      {"LocationsLargestLine",  // +0x7ffffffa
       kLocations,
       5,
       Bytes("\xe8\x74\x7f\x7f\x7f\x7f\x03"),
       {{0, 2, INT32_MAX}}},
      // Damage: what is before it stays.
      {"LocationsLineTooLarge",
       kLocations,
       6,
       Bytes("\x80\x00\xe8\x74\x7f\x7f\x7f\x7f\x03"),
       {{0, 2, 6}}},
      {"LocationsVarintWithoutEnd",
       kLocations,
       4,
       Bytes("\x80\x00\xe8\x40\x40\x40\x40\x40\x40\x40\x00"),
       {{0, 2, 4}}},
      {"LocationsEntryWithoutItsBit", kLocations, 4, Bytes("\x80\x00\x00\x80\x00"), {{0, 2, 4}}},
      {"LocationsNextEntryInsideOne", kLocations, 4, Bytes("\x80\x00\xd8\x80\x00"), {{0, 2, 4}}},
      {"FirstLineTooLarge", kPep626, UINT32_MAX, Bytes("\x02\x00"), {}},
      {"UnknownFormat", static_cast<LineTableFormat>(9), 4, Bytes("\x80\x00"), {}},
  };
  return cases;
}

class LineTableCases : public testing::TestWithParam<Case> {};

TEST_P(LineTableCases, GivesTheRangesOfTheTable) {
  const Case& test = GetParam();
  EXPECT_EQ(LineTable(test.format, test.table, test.first_line).ranges(), test.ranges);
}

INSTANTIATE_TEST_SUITE_P(LineTable, LineTableCases, testing::ValuesIn(Cases()),
                         [](const auto& test) { return test.param.name; });

TEST(LineTable, LineOfIsThatOfTheRangeAroundTheOffset) {
  const LineTable table(kPep626, Bytes("\x04\x01\x02\x01\x06\xff"), 10);  // 11, 12, 11
  const std::vector<std::pair<int32_t, uint32_t>> lines = {{0, 11}, {1, 11}, {3, 11}, {4, 12},
                                                           {5, 12}, {6, 11}, {11, 11}};
  for (const auto& [offset, line] : lines) EXPECT_EQ(table.LineOf(offset), line) << offset;
}

TEST(LineTable, LineOfIsTheFirstLineOutsideTheTable) {
  const LineTable table(kPep626, Bytes("\x04\x05"), 10);
  EXPECT_EQ(table.LineOf(3), 15u);
  for (const int32_t outside : {INT32_MIN, -2, -1, 4, INT32_MAX}) {
    EXPECT_EQ(table.LineOf(outside), 10u) << outside;
  }
  EXPECT_EQ(LineTable(kLocations, "", 10).LineOf(0), 10u);
}

TEST(LineTable, LineOfLastLnotabRangeHasNoEnd) {
  const LineTable table(kLnotab, Bytes("\x04\x05"), 10);
  EXPECT_EQ(table.LineOf(INT32_MAX), 15u);
}

TEST(LineTable, LineOfNoLineIsTheLineBefore) {
  // none, 11, none, line 0, none, 12
  const LineTable table(kPep626, Bytes("\x02\x80\x02\x01\x02\x80\x02\xf5\x02\x80\x02\x0c"), 10);
  const std::vector<uint32_t> lines = {10, 11, 11, 11, 11, 12};
  for (size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(table.LineOf(static_cast<int32_t>(2 * i)), lines[i]) << i;
  }
  ASSERT_EQ(table.ranges().size(), 6u);
  EXPECT_EQ(table.ranges()[3].line, 0);
}

TEST(LineTable, LineOfModuleStartIsTheFirstLine) {
  const LineTable table(kLocations, Bytes("\xf0\x03\x01\x01\x01\xf3\x02\x06\x01\x11"), 1);
  EXPECT_EQ(table.ranges().front().line, 0);
  EXPECT_EQ(table.LineOf(0), 1u);
}

// A copy with nothing behind it that a sanitizer would not notice.
LineTable DecodeExact(LineTableFormat format, std::string_view table, uint32_t first_line) {
  const auto exact = std::make_unique<char[]>(table.size());
  std::copy(table.begin(), table.end(), exact.get());
  return LineTable(format, {exact.get(), table.size()}, first_line);
}

bool WithoutGaps(const Ranges& ranges) {
  uint32_t end = 0;
  for (const LineRange& range : ranges) {
    if (range.begin != end || range.end <= range.begin) return false;
    end = range.end;
  }
  return true;
}

TEST(LineTable, TruncatedAtEveryByteGivesTheRangesBefore) {
  for (const Case& test : Cases()) {
    if (test.format == kLnotab) continue;  // its last range is what the table does not say
    for (size_t size = 0; size < test.table.size(); ++size) {
      const Ranges part =
          DecodeExact(test.format, test.table.substr(0, size), test.first_line).ranges();
      ASSERT_LE(part.size(), test.ranges.size()) << test.name << " " << size;
      for (size_t i = 0; i < part.size(); ++i) {
        const LineRange& whole = test.ranges[i];
        EXPECT_EQ(part[i].begin, whole.begin) << test.name << " " << size;
        EXPECT_EQ(part[i].line, whole.line) << test.name << " " << size;
        // Only the last can be shorter: its neighbour of the same line is missing.
        EXPECT_TRUE(part[i].end == whole.end || (i + 1 == part.size() && part[i].end < whole.end))
            << test.name << " " << size;
      }
    }
  }
}

TEST(LineTable, NoiseGivesRangesWithoutGaps) {
  std::mt19937 random(20240229);
  for (int round = 0; round < 3000; ++round) {
    std::string table(random() % 64, '\0');
    for (char& byte : table) byte = static_cast<char>(random());
    // For the location entries noise would end at once: make every other byte look right.
    for (size_t i = 0; i < table.size(); i += 2) table[i] = static_cast<char>(table[i] | 0x80);
    for (const LineTableFormat format : {kLnotab, kPep626, kLocations}) {
      const LineTable decoded = DecodeExact(format, table, 1 + random() % 1000);
      ASSERT_TRUE(WithoutGaps(decoded.ranges())) << testing::PrintToString(table);
      for (int32_t offset = -2; offset < 600; ++offset) {
        ASSERT_GE(decoded.LineOf(offset), 1u) << testing::PrintToString(table);
      }
    }
  }
}

}  // namespace
}  // namespace lineprof
