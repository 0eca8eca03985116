// The options of the text report: which lines it shows, in which order, with which columns.

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "lineprof/report.h"

namespace lineprof {
namespace {

using Column = ReportOptions::Column;
using Sort = ReportOptions::Sort;
using Lines = std::vector<std::string>;

constexpr uint64_t kSecond = 1'000'000'000;

std::string Text(const Profile& profile, const ReportOptions& options) {
  std::ostringstream out;
  FindReportFormat("text")->write(profile, options, out);
  return out.str();
}

// The first six characters of all that follows the header: line numbers, "(call)", "File: ", "...".
Lines Shown(const Profile& profile, const ReportOptions& options) {
  Lines shown;
  std::istringstream in(Text(profile, options));
  bool is_header = true;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("File: ")) is_header = false;
    const bool is_title = line.starts_with("Line #") || line.starts_with("------");
    if (is_header || is_title || line.starts_with("File duration")) continue;
    if (line.starts_with("File: ")) {
      shown.push_back(line);
    } else {
      const std::string start = line.substr(0, 6);
      shown.push_back(start.substr(std::min(start.size(), start.find_first_not_of(' '))));
    }
  }
  return shown;
}

std::string LastLine(const std::string& text) {
  return text.substr(text.rfind('\n', text.size() - 2) + 1);
}

// Ten seconds; b.py, the hotter one, has ten lines: 2 with 10 %, 5 with 1 %, 6 with 0.5 % and a
// call of 30 %, 9 with 20 %. a.py has one of 1 %, with most hits.
Profile TwoFiles() {
  Profile profile;
  profile.duration_s = 10;
  profile.files.resize(2);
  profile.files[0].name = "b.py";
  profile.files[0].source.state = SourceText::State::kRead;
  profile.files[0].source.lines = Lines(10, "x");
  profile.files[0].lines = {{2, {9, kSecond, 0}, {}},
                            {5, {3, kSecond / 10, 0}, {}},
                            {6, {1, kSecond / 20, 0}, {{FunctionId{0}, {30, 3 * kSecond, 0}}}},
                            {9, {4, kSecond, kSecond}, {}}};
  profile.files[1].name = "a.py";
  profile.files[1].lines = {{1, {100, kSecond / 10, 0}, {}}};
  profile.functions = {{FileId{0}, "f", "f", 1}};
  profile.stacks = {{},
                    {0, FunctionId{0}, 6, FunctionId{0}, {}},
                    {1, FunctionId{0}, 9, kNoFunction, {4, kSecond, kSecond}}};
  return profile;
}

TEST(TextOptions, ShowEverythingByDefault) {
  EXPECT_EQ(Shown(TwoFiles(), {}), (Lines{"File: b.py", "1", "2", "3", "4", "5", "6", "(call)", "7",
                                          "8", "9", "10", "File: a.py", "1"}));
}

TEST(TextOptions, HotLeavesLinesOfSoManyPercentThemselvesOrByACall) {
  EXPECT_EQ(Shown(TwoFiles(), {.hot_percent = 10}),
            (Lines{"File: b.py", "2", "...", "6", "(call)", "...", "9"}));
  EXPECT_EQ(Shown(TwoFiles(), {.hot_percent = 1}),
            (Lines{"File: b.py", "2", "...", "5", "6", "(call)", "...", "9", "File: a.py", "1"}));
  EXPECT_EQ(Shown(TwoFiles(), {.hot_percent = 90}), Lines{});
}

TEST(TextOptions, ContextKeepsLinesAroundAndMarksGaps) {
  EXPECT_EQ(Shown(TwoFiles(), {.hot_percent = 10, .context_lines = 1}),
            (Lines{"File: b.py", "1", "2", "3", "...", "5", "6", "(call)", "7", "8", "9", "10"}));
  EXPECT_EQ(Shown(TwoFiles(), {.hot_percent = 20, .context_lines = 100}).size(), 12u);
  EXPECT_EQ(Shown(TwoFiles(), {.context_lines = 0}),
            (Lines{"File: b.py", "2", "...", "5", "6", "(call)", "...", "9", "File: a.py", "1"}));
  EXPECT_EQ(Shown(TwoFiles(), {.context_lines = UINT32_MAX}), Shown(TwoFiles(), {}));
}

TEST(TextOptions, SortByTimeShowsTheHottestLinesFirst) {
  EXPECT_EQ(Shown(TwoFiles(), {.sort = Sort::kTime}),
            (Lines{"File: b.py", "9", "2", "5", "6", "(call)", "File: a.py", "1"}));
  EXPECT_EQ(Shown(TwoFiles(), {.hot_percent = 10, .context_lines = 3, .sort = Sort::kTime}),
            (Lines{"File: b.py", "9", "2", "6", "(call)"}));
}

TEST(TextOptions, SortByHitsSortsFilesToo) {
  EXPECT_EQ(Shown(TwoFiles(), {.sort = Sort::kHits}),
            (Lines{"File: a.py", "1", "File: b.py", "2", "9", "5", "6", "(call)"}));
}

TEST(TextOptions, SortByNameLeavesLinesAsInTheSource) {
  EXPECT_EQ(Shown(TwoFiles(), {.hot_percent = 1, .sort = Sort::kName}),
            (Lines{"File: a.py", "1", "File: b.py", "2", "...", "5", "6", "(call)", "...", "9"}));
}

TEST(TextOptions, ColumnsStandBeforeTheSourceInTheOrderAsked) {
  const ReportOptions options = {
      .columns = {Column::kWait, Column::kCpu, Column::kInclusive, Column::kConfidence}};
  const std::string text = Text(TwoFiles(), options);
  EXPECT_NE(
      text.find("      %|         Wait|          CPU|    Inclusive|   Confidence|Source code\n"
                "------+----------+-------------+-------------+-------+-------------+--------"
                "-----+-------------+-------------+-----------\n"),
      std::string::npos);
  // 1.96 times two seconds by the root of four samples.
  EXPECT_NE(text.find("     9|         4|            2|          0.5| 20.00%|            1|"
                      "            1|            2|         1.96|x\n"),
            std::string::npos);
  EXPECT_NE(text.find("     6|         1|         0.05|         0.05|  0.50%|            0|"
                      "         0.05|            2|        0.098|x\n"
                      "(call)|        30|            3|          0.1| 30.00%|            0|"
                      "            3|            3|      1.07354|# b.py:1 f\n"),
            std::string::npos);
  EXPECT_NE(text.find("     1|         0|            0|            0|  0.00%|            0|"
                      "            0|            0|            0|x\n"),
            std::string::npos);
}

TEST(TextOptions, ColorIsAroundLinesAndNowhereWithoutIt) {
  EXPECT_EQ(Text(TwoFiles(), {}).find('\x1b'), std::string::npos);
  const std::string text = Text(TwoFiles(), {.color = true});
  EXPECT_NE(text.find("\n\x1b[1mFile: b.py\x1b[0m\n"), std::string::npos);
  EXPECT_NE(text.find("\n\x1b[31m     9|"), std::string::npos);
  EXPECT_NE(text.find("\n\x1b[33m     5|"), std::string::npos);
  EXPECT_NE(text.find("\n     6|"), std::string::npos);
  EXPECT_NE(text.find("\n\x1b[2m(call)|"), std::string::npos);
  EXPECT_TRUE(LastLine(text).ends_with("|\x1b[0m\n"));
}

}  // namespace
}  // namespace lineprof
