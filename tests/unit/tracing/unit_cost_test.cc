#include "agent/tracing/unit_cost.h"

#include <gtest/gtest.h>

#include <string>

namespace lineprof {
namespace {

std::string Nops(size_t units) {
  std::string code;
  for (size_t i = 0; i < units; ++i) code += std::string("\x09\0", 2);
  return code;
}

// Of UnitCostsOf, one half each.
std::vector<uint16_t> InstructionsLeft(const LineTable& lines, LineTableFormat format,
                                       const std::string& table, const std::string& code) {
  std::vector<uint16_t> left;
  for (const UnitCost& unit : UnitCostsOf(lines, format, table, code)) {
    left.push_back(unit.instructions);
  }
  return left;
}
std::vector<uint16_t> Searched(LineTableFormat format, const std::string& table, size_t units) {
  const LineTable lines(format, table, 1);
  std::vector<uint16_t> searched;
  for (const UnitCost& unit : UnitCostsOf(lines, format, table, Nops(units))) {
    searched.push_back(unit.searched);
  }
  return searched;
}

TEST(InstructionsLeft, CountsUnitsToTheEndOfTheLine) {
  const std::string table = {4, 0, 6, 1};  // two units, then three on the next line
  const LineTable lines(LineTableFormat::kPep626, table, 1);
  EXPECT_EQ(InstructionsLeft(lines, LineTableFormat::kPep626, table, Nops(5)),
            (std::vector<uint16_t>{2, 1, 3, 2, 1}));
}

TEST(InstructionsLeft, CachesAreNoInstructions) {
  // Entries without columns (code 13): three units on line 1, one unit on line 2.
  const std::string table = {static_cast<char>(0x80 | 13 << 3 | 2), 0,
                             static_cast<char>(0x80 | 13 << 3 | 0), 2};
  const LineTable lines(LineTableFormat::kLocations, table, 1);
  EXPECT_EQ(InstructionsLeft(lines, LineTableFormat::kLocations, table, Nops(4)),
            (std::vector<uint16_t>{1, 0, 0, 1}));
}

TEST(InstructionsLeft, ResumeIsPartOfTheCall) {
  const std::string table = {static_cast<char>(0x80 | 13 << 3), 0,
                             static_cast<char>(0x80 | 13 << 3), 0};
  const LineTable lines(LineTableFormat::kLocations, table, 1);
  std::string code = Nops(2);
  code[0] = static_cast<char>(151);
  EXPECT_EQ(InstructionsLeft(lines, LineTableFormat::kLocations, table, code),
            (std::vector<uint16_t>{1, 1}));
}

TEST(InstructionsLeft, TableLongerThanTheCode) {
  const std::string table = {100, 0};
  const LineTable lines(LineTableFormat::kPep626, table, 1);
  EXPECT_EQ(InstructionsLeft(lines, LineTableFormat::kPep626, table, Nops(2)),
            (std::vector<uint16_t>{2, 1}));
}

TEST(InstructionsLeft, EndsWhereTheFlowDoes) {
  const std::string table = {12, 0};
  const LineTable lines(LineTableFormat::kPep626, table, 1);
  const auto left = [&](LineTableFormat format, char opcode, const std::string& locations) {
    std::string code = Nops(6);
    code[4] = opcode;
    return InstructionsLeft(lines, format, locations, code);
  };
  const std::vector<uint16_t> cut = {3, 2, 1, 3, 2, 1};
  const std::vector<uint16_t> whole = {6, 5, 4, 3, 2, 1};
  EXPECT_EQ(left(LineTableFormat::kPep626, 83, table), cut);     // RETURN_VALUE
  EXPECT_EQ(left(LineTableFormat::kPep626, 113, table), cut);    // JUMP_ABSOLUTE
  EXPECT_EQ(left(LineTableFormat::kPep626, 114, table), whole);  // POP_JUMP_IF_FALSE
  // 3.11: six entries of one unit each. 140 is JUMP_BACKWARD, and 113 an instruction of another
  // kind.
  std::string locations;
  for (int i = 0; i < 6; ++i) locations += {static_cast<char>(0x80 | 13 << 3), 0};
  EXPECT_EQ(left(LineTableFormat::kLocations, static_cast<char>(140), locations), cut);
  EXPECT_EQ(left(LineTableFormat::kLocations, 113, locations), whole);
}

TEST(Searched, IsTheWayFromTheTablesStart) {
  // The def's line has no instructions: two units on line 2, one on line 3, and the rest on 5.
  const std::string table = {0, 1, 4, 1, 2, 2};
  EXPECT_EQ(Searched(LineTableFormat::kLnotab, table, 5), (std::vector<uint16_t>{1, 1, 2, 3, 3}));
}

TEST(Searched, LaterVersionsKeepTheirPlace) {
  const std::string table = {4, 0, 6, 1};
  EXPECT_EQ(Searched(LineTableFormat::kPep626, table, 3), (std::vector<uint16_t>{0, 0, 0}));
}

}  // namespace
}  // namespace lineprof
