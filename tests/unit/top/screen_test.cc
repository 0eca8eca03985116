#include "top/screen.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <clocale>
#include <sstream>
#include <string_view>

#include "top/columns.h"

namespace lineprof {
namespace {

class ScreenTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(setlocale(LC_CTYPE, "C.UTF-8"), nullptr);
    facts_.title = "python3 script.py";
    facts_.elapsed_s = 12.4;
    facts_.overview = {1, 99.8, 100, 0, 1003, 0, 1, 2};
    rows_ = {{{99.8, 0, 99.8, 0, 12.3, 0}, {"work/script.py:12", "Work.hot", ""}, 0},
             {{0, 0, 99.8, 0, 0, 0.5}, {"work/script.py:30", "main", ""}, 1}};
  }
  void TearDown() override { setlocale(LC_CTYPE, "C"); }

  std::vector<ScreenRow> Draw(size_t columns = 80, size_t rows = 24) {
    return DrawScreen(controls_, facts_, rows_, source_, {columns, rows});
  }

  static std::string Join(const std::vector<ScreenRow>& screen) {
    std::string text;
    for (const ScreenRow& row : screen)
      text += row.text.substr(0, row.text.find_last_not_of(' ') + 1) + "\n";
    return text;
  }

  void Press(std::string_view keys) {
    for (const char key : keys) controls_.Press(static_cast<Key>(key), 10);
  }

  Controls controls_{true};
  ScreenFacts facts_;
  std::vector<TableRow> rows_;
  SourceOf source_ = [](uint32_t line) {
    return line == 0 ? "total += i * i" : "work.hot(list(range(1000)), of_a_long_line=True)";
  };
};

TEST_F(ScreenTest, EightyByTwentyFour) {
  const std::vector<ScreenRow> screen = Draw();
  ASSERT_EQ(screen.size(), 24U);
  EXPECT_EQ(Join({screen.begin(), screen.begin() + 6}),
            "lineprof top: python3 script.py                                             12 s\n"
            "99.8 % CPU, 100.0 % waiting, 1003 samples/s, 1 process, 2 threads\n"
            "    SELF       TOTAL     SELF SO FAR\n"
            " >CPU% WAIT%  CPU% WAIT%  CPU s WAIT s  LINE              SOURCE\n"
            "  99.8   0.0  99.8   0.0   12.3    0.0  \u2026rk/script.py:12  total += i * i\n"
            "   0.0   0.0  99.8   0.0    0.0    0.5  \u2026rk/script.py:30  "
            "work.hot(list(range(1\u2026\n");
  EXPECT_EQ(screen[4].style, Style::kPlain);
  EXPECT_EQ(screen[5].style, Style::kQuiet);
  EXPECT_NE(screen.back().text.find("q quit"), std::string::npos);
}

TEST_F(ScreenTest, WideScreenHasTheFunctionToo) {
  EXPECT_EQ(Draw(140)[4].text,
            "  99.8   0.0  99.8   0.0   12.3    0.0  work/script.py:12  Work.hot  total += i * i");
}

TEST_F(ScreenTest, AnySizeHasItsRowsAndColumns) {
  facts_.title = std::string(300, 'x');
  facts_.output = {std::string(300, 'y')};
  facts_.notice = std::string(300, 'z');
  rows_.resize(100, rows_[0]);
  for (const char* keys : {"", "h", "xo", "xq", "x/filter"}) {
    Press(keys);
    for (size_t columns : {1, 10, 29, 30, 45, 79, 80, 200}) {
      for (size_t rows : {1, 5, 6, 7, 24, 60}) {
        const std::vector<ScreenRow> screen = Draw(columns, rows);
        ASSERT_EQ(screen.size(), rows);
        for (const ScreenRow& row : screen) ASSERT_LE(CountColumns(row.text), columns) << row.text;
      }
    }
  }
}

TEST_F(ScreenTest, ShowsTheRowsThatAreScrolledTo) {
  rows_.resize(100, rows_[0]);
  rows_[40].texts[0] = "here.py:40";
  controls_.Press(kKeyPageDown, 19);
  controls_.Press(kKeyPageDown, 19);
  controls_.LimitScroll(rows_.size(), 19);
  EXPECT_NE(Join(Draw()).find("here.py:40"), std::string::npos);
  controls_.Press(kKeyHome, 19);
  EXPECT_EQ(Join(Draw()).find("here.py:40"), std::string::npos);
}

TEST_F(ScreenTest, FootSaysWhatIsGoingOn) {
  const auto foot = [this] { return Draw().back().text; };
  facts_.notice = "no Python yet";
  EXPECT_EQ(foot(), "no Python yet");
  Press(" ");
  EXPECT_NE(foot().find("paused"), std::string::npos);
  Press("/hot");
  EXPECT_EQ(foot(), "filter: hot_");
  Press("\n");
  EXPECT_NE(Join(Draw()).find("[filter: hot]"), std::string::npos);
  Press("/(\n");
  EXPECT_NE(foot().find("bad regular expression"), std::string::npos);
  Press("q");
  EXPECT_NE(foot().find("g: it goes on"), std::string::npos);
}

TEST_F(ScreenTest, HelpIsWholeOnTheSmallestUsualScreen) {
  Press("h");
  const std::string help = Join(Draw(80, 24));
  for (const char* text : {"lines", "filter", "pause", "reset", "quit", "SO FAR"}) {
    EXPECT_NE(help.find(text), std::string::npos) << text;
  }
  EXPECT_EQ(help.find("\u2026"), std::string::npos) << help;
}

TEST_F(ScreenTest, NotesAreOnThePageOfHelp) {
  facts_.notes = {"no watcher thread"};
  EXPECT_NE(Draw(100)[1].text.find("[notes: h]"), std::string::npos);
  Press("h");
  EXPECT_NE(Join(Draw()).find("Note: no watcher thread"), std::string::npos);
}

TEST_F(ScreenTest, OutputIsItsLastLines) {
  Press("o");
  EXPECT_NE(Join(Draw()).find("nothing yet"), std::string::npos);
  facts_.output = {"first"};
  facts_.output.resize(30, "more");
  facts_.output.push_back("last");
  const std::string page = Join(Draw());
  EXPECT_EQ(page.find("first"), std::string::npos);
  EXPECT_NE(page.find("last"), std::string::npos);
}

TEST_F(ScreenTest, OverviewTellsLossesAndTheGilWhereThereAreSome) {
  facts_.overview.lost_per_s = 3;
  facts_.overview.gil_percent = 12.5;
  facts_.overview.live_processes = 2;
  EXPECT_EQ(
      Draw()[1].text,
      "99.8 % CPU, 100.0 % waiting, 1003 samples/s (3 lost), 12.5 % for the GIL, 2 pro\u2026");
}

TEST_F(ScreenTest, PlainTableCutsNothing) {
  facts_.title = std::string(100, 'x');
  rows_[0].texts[0] = std::string(100, 'y');
  EXPECT_EQ(PlainTable(controls_, facts_, rows_, source_, 1),
            "lineprof top: " + std::string(100, 'x') +
                "  12 s\n"
                "99.8 % CPU, 100.0 % waiting, 1003 samples/s, 1 process, 2 threads\n"
                "    SELF       TOTAL     SELF SO FAR\n"
                " >CPU% WAIT%  CPU% WAIT%  CPU s WAIT s  LINE" +
                std::string(98, ' ') +
                "FUNCTION  SOURCE\n"
                "  99.8   0.0  99.8   0.0   12.3    0.0  " +
                std::string(100, 'y') + "  Work.hot  total += i * i\n\n");
}

TEST_F(ScreenTest, PlainTableOfATerminalIsCut) {
  rows_.resize(30, rows_[1]);
  facts_.title = std::string(100, 'x');
  const std::string text = PlainTable(controls_, facts_, rows_, source_, 2, 50);
  std::istringstream lines(text);
  size_t count = 0;
  for (std::string line; std::getline(lines, line); count++) {
    EXPECT_LE(CountColumns(line), 50U) << line;
  }
  EXPECT_EQ(count, 7U);
}

TEST_F(ScreenTest, EverySubjectFitsEighty) {
  rows_ = {{{1, 2, 3, 4, 5, 6}, {"a", "b"}, 0}};
  for (const char key : {'f', 't', 'p'}) {
    controls_.Press(static_cast<Key>(key), 10);
    const std::vector<ScreenRow> screen = Draw();
    const auto titles = TextColumns(controls_.subject());
    EXPECT_NE(screen[3].text.find(titles.back().title), std::string::npos) << screen[3].text;
  }
}

}  // namespace
}  // namespace lineprof
