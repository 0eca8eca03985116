#include "agent/tracing/far_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lineprof {
namespace {

constexpr uint8_t kStart = 100;  // an opcode
constexpr int8_t kNone = -128;
constexpr int8_t kSearched = -127;     // 3.13: by itself
constexpr int8_t kSearchedToo = -126;  // 3.13: and the unit before it

// An entry without columns (code 13) of `units` code units, `lines` further down.
std::string Entry(int units, int lines) {
  std::string entry(1, static_cast<char>(0x80 | 13 << 3 | (units - 1)));
  for (int rest = lines < 0 ? -lines * 2 + 1 : lines * 2;; rest >>= 6) {
    if (rest < 64) return entry + static_cast<char>(rest);
    entry += static_cast<char>((rest & 63) | 64);
  }
}

std::vector<FarPlace> Places(const std::string& table, const std::vector<UnitLine>& units,
                             uint32_t first_line = 1) {
  return FarPlacesOf(LineTable(LineTableFormat::kLocations, table, first_line), table, first_line,
                     units);
}

uint32_t FirstFar(const std::string& table, uint32_t first_line = 1) {
  return FirstFarLine(LineTable(LineTableFormat::kLocations, table, first_line), first_line);
}
bool IsFar(const std::string& table, uint32_t first_line = 1) {
  return FirstFar(table, first_line) != 0;
}

// Line 1, then two units of line 201 and one of line 202: 2, 3 and 2 bytes.
const std::string kFarTable = Entry(1, 0) + Entry(2, 200) + Entry(1, 1);

TEST(FarLines, AreThoseBeyondAByte) {
  EXPECT_TRUE(IsFar(kFarTable));
  EXPECT_FALSE(IsFar(Entry(1, 0)));
  EXPECT_FALSE(IsFar(Entry(1, 127)));
  EXPECT_TRUE(IsFar(Entry(1, 128)));
  EXPECT_FALSE(IsFar(Entry(1, -126), 200));
  EXPECT_TRUE(IsFar(Entry(1, -127), 200));
}

TEST(FarLines, AreAllFromTheFirstOne) {
  EXPECT_EQ(FirstFar(kFarTable), 201u);
  EXPECT_EQ(FirstFar(Entry(1, 300) + Entry(1, -100) + Entry(1, -100)), 201u);
}

TEST(FarLines, SixteenUnitsAreTakenForALine) {
  const std::string before = Entry(8, 0) + Entry(8, 0);
  EXPECT_FALSE(IsFar(before + Entry(1, 128)));
  EXPECT_TRUE(IsFar(before + Entry(1, 129)));
  // Code without new lines gets far from the guess too.
  std::string long_line;
  for (int i = 0; i < 2 * 126 + 1; ++i) long_line += Entry(8, 0);
  EXPECT_FALSE(IsFar(long_line));
  EXPECT_TRUE(IsFar(long_line + Entry(8, 0) + Entry(8, 0)));
}

TEST(FarLines, UnitsWithoutALineAreNotFar) {
  const std::string none(1, static_cast<char>(0x80 | 15 << 3));
  EXPECT_FALSE(IsFar(none + none));
}

TEST(FarPlaces, AreSearchedForFromTheTablesStart) {
  const std::vector<UnitLine> units = {
      {kStart, 0}, {kStart, kSearched}, {0, kSearched}, {kStart, kSearched}};
  EXPECT_EQ(
      Places(kFarTable, units),
      (std::vector<FarPlace>{{0, 0, 0, true}, {5, 0, 5, true}, {5, 0, 5, true}, {7, 0, 7, true}}));
}

TEST(FarPlaces, ALineThatSurelyChangesIsNotCompared) {
  std::vector<UnitLine> units = {
      {kStart, 0}, {kStart, kSearched}, {0, kSearchedToo}, {kStart, kSearched}};
  const std::vector<FarPlace> places = Places(kFarTable, units);
  EXPECT_EQ(places[1], (FarPlace{5, 0, 5, false}));
  EXPECT_EQ(places[3], (FarPlace{7, 0, 7, false}));
  units[3].delta = kSearchedToo;  // where a jump leads to
  EXPECT_EQ(Places(kFarTable, units)[3], (FarPlace{7, 0, 7, true}));
}

TEST(FarPlaces, CachesAreNotSearchedFor) {
  const std::vector<UnitLine> units = {
      {kStart, 0}, {kStart, kSearched}, {0, kNone}, {kStart, kSearched}};
  const std::vector<FarPlace> places = Places(kFarTable, units);
  EXPECT_EQ(places[1], (FarPlace{5, 0, 5, true}));
  EXPECT_EQ(places[2], FarPlace{});
}

TEST(FarPlaces, WhereALineMightStartAgainTwoAreSearchedFor) {
  const std::vector<UnitLine> units = {
      {kStart, 0}, {kStart, kSearched}, {kStart, kSearched}, {kStart, kSearched}};
  const std::vector<FarPlace> places = Places(kFarTable, units);
  EXPECT_EQ(places[1], (FarPlace{5, 2 * 5, 5, true}));
  EXPECT_EQ(places[2], (FarPlace{5, 0, 5, true}));
}

TEST(FarPlaces, OneByteIsADistanceWhereItIsThat) {
  const std::vector<UnitLine> units = {{kStart, -126}, {kStart, kSearched}};
  const std::vector<FarPlace> places = Places(Entry(1, -126) + Entry(1, 1000), units, 200);
  EXPECT_EQ(places[0], FarPlace({0, 0, 0, true}));
  EXPECT_EQ(places[1].here, 2u * 3);
  EXPECT_TRUE(places[1].compares);
}

TEST(FarPlaces, TablesMayBeShorterThanTheCode) {
  const std::vector<UnitLine> units(6, {kStart, kSearched});
  const std::vector<FarPlace> places = Places(kFarTable, units);
  EXPECT_EQ(places.size(), 6u);
  EXPECT_EQ(places[5], FarPlace{});
  EXPECT_TRUE(Places("", units)[0] == FarPlace{});
  EXPECT_TRUE(Places(kFarTable, {}).empty());
}

}  // namespace
}  // namespace lineprof
