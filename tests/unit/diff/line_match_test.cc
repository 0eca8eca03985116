// Which line is which, after edits of all kinds.
#include "diff/line_match.h"

#include <gtest/gtest.h>

#include <map>

namespace lineprof {
namespace {

using Lines = std::vector<std::string>;

// A profile of one file with one function f, in which every line that is no blank has a sample.
Profile ProfileOf(const Lines& source, const std::string& function = "f") {
  Profile profile;
  SourceFile& file = profile.files.emplace_back();
  file.name = "a.py";
  file.source.state = SourceText::State::kRead;
  file.source.lines = source;
  profile.functions.push_back({FileId{0}, function, function, 1});
  profile.stacks.resize(1);
  for (uint32_t line = 1; line <= source.size(); line++) {
    if (source[line - 1].find_first_not_of(' ') == std::string::npos) continue;
    const Cost cost{1, 1'000'000, 0};
    file.lines.push_back({line, cost, {}});
    StackNode& node = profile.stacks.emplace_back();
    node.function = FunctionId{0};
    node.line = line;
    node.self = cost;
  }
  return profile;
}

// Line numbers before -> after; 0 where there is none.
std::multimap<uint32_t, uint32_t> Match(const Profile& before, const Profile& after) {
  const std::vector<SampledLine> old_lines = SampledLines(before);
  const std::vector<SampledLine> new_lines = SampledLines(after);
  std::multimap<uint32_t, uint32_t> numbers;
  for (const LinePair& pair : MatchLines(old_lines, new_lines)) {
    numbers.insert({pair.before ? old_lines[*pair.before].line : 0,
                    pair.after ? new_lines[*pair.after].line : 0});
  }
  return numbers;
}

using Numbers = std::multimap<uint32_t, uint32_t>;

TEST(LineMatch, SameTextIsTheSameLine) {
  const Profile profile = ProfileOf({"def f():", "  a()", "", "  b()"});
  EXPECT_EQ(Match(profile, profile), (Numbers{{1, 1}, {2, 2}, {4, 4}}));
}

TEST(LineMatch, MovedLinesAreFoundAgain) {
  const Profile before = ProfileOf({"def f():", "  a()", "  b()", "  c()"});
  const Profile shifted = ProfileOf({"", "# new", "def f():", "    a()", "    b()", "    c()"});
  EXPECT_EQ(Match(before, shifted), (Numbers{{0, 2}, {1, 3}, {2, 4}, {3, 5}, {4, 6}}));
  const Profile swapped = ProfileOf({"def f():", "  c()", "  a()", "  b()"});
  EXPECT_EQ(Match(before, swapped), (Numbers{{1, 1}, {2, 3}, {3, 4}, {4, 2}}));
}

TEST(LineMatch, EqualLinesAreToldApartByTheirNeighbours) {
  const Profile before = ProfileOf({"x()", "i += 1", "y()", "i += 1", "z()"});
  const Profile after = ProfileOf({"y()", "i += 1", "z()", "x()", "i += 1", "y()"});
  const Numbers numbers = Match(before, after);
  EXPECT_EQ(numbers.find(2)->second, 5U);
  EXPECT_EQ(numbers.find(4)->second, 2U);
}

TEST(LineMatch, AnEditedLineIsKnownByItsNeighbours) {
  const Profile before = ProfileOf({"a()", "b(1)", "c()"});
  const Profile after = ProfileOf({"a()", "b(2)", "c()"});
  EXPECT_EQ(Match(before, after), (Numbers{{1, 1}, {2, 2}, {3, 3}}));
}

TEST(LineMatch, WhatIsNewOrGoneHasNoPartner) {
  const Profile before = ProfileOf({"a()", "b()", "c()"});
  const Profile after = ProfileOf({"w()", "x()", "b()", "y()", "z()"});
  EXPECT_EQ(Match(before, after),
            (Numbers{{0, 1}, {0, 2}, {0, 4}, {0, 5}, {1, 0}, {2, 3}, {3, 0}}));
}

TEST(LineMatch, OtherFunctionsAreOtherLines) {
  EXPECT_EQ(Match(ProfileOf({"a()"}, "f"), ProfileOf({"a()"}, "g")), (Numbers{{0, 1}, {1, 0}}));
}

TEST(LineMatch, WithoutSourcesNumbersDecide) {
  Profile before = ProfileOf({"a()", "b()"});
  Profile after = ProfileOf({"c()", "d()"});
  before.files[0].source = SourceText();
  after.files[0].source = SourceText();
  EXPECT_EQ(Match(before, after), (Numbers{{1, 1}, {2, 2}}));
}

TEST(LineMatch, LooksOnlyAtReportedFiles) {
  Profile profile = ProfileOf({"a()"});
  profile.files[0].lines.clear();
  EXPECT_TRUE(SampledLines(profile).empty());
}

}  // namespace
}  // namespace lineprof
