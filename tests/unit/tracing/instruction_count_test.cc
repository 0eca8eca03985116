#include "agent/tracing/instruction_count.h"

#include <gtest/gtest.h>

#include <string>

namespace lineprof {
namespace {

TEST(InstructionsLeft, CountsUnitsToTheEndOfTheLine) {
  const std::string table = {4, 0, 6, 1};  // two units, then three on the next line
  const LineTable lines(LineTableFormat::kPep626, table, 1);
  EXPECT_EQ(InstructionsLeft(lines, LineTableFormat::kPep626, table, 5),
            (std::vector<uint16_t>{2, 1, 3, 2, 1}));
}

TEST(InstructionsLeft, CachesAreNoInstructions) {
  // Entries without columns (code 13): three units on line 1, one unit on line 2.
  const std::string table = {static_cast<char>(0x80 | 13 << 3 | 2), 0,
                             static_cast<char>(0x80 | 13 << 3 | 0), 2};
  const LineTable lines(LineTableFormat::kLocations, table, 1);
  EXPECT_EQ(InstructionsLeft(lines, LineTableFormat::kLocations, table, 4),
            (std::vector<uint16_t>{1, 0, 0, 1}));
}

TEST(InstructionsLeft, TableLongerThanTheCode) {
  const std::string table = {100, 0};
  const LineTable lines(LineTableFormat::kPep626, table, 1);
  EXPECT_EQ(InstructionsLeft(lines, LineTableFormat::kPep626, table, 2),
            (std::vector<uint16_t>{2, 1}));
}

}  // namespace
}  // namespace lineprof
