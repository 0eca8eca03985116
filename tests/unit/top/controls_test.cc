#include "top/controls.h"

#include <gtest/gtest.h>

#include <string_view>

namespace lineprof {
namespace {

constexpr size_t kPageRows = 10;

Request Press(Controls& controls, std::string_view keys) {
  Request last = Request::kNone;
  for (const char key : keys) last = controls.Press(static_cast<Key>(key), kPageRows);
  return last;
}

bool Matches(const Controls& controls, std::string_view text) {
  const TableOrder order = controls.order();
  return order.filter == nullptr || AnyMatches(*order.filter, text);
}

TEST(Controls, LettersChooseTheSubjectAndEachKeepsItsSort) {
  Controls controls(true);
  EXPECT_EQ(controls.subject(), Subject::kLines);
  Press(controls, ">>");
  EXPECT_EQ(controls.sort_column(), 2U);
  Press(controls, "f");
  EXPECT_EQ(controls.subject(), Subject::kFunctions);
  EXPECT_EQ(controls.sort_column(), 0U);
  Press(controls, "t");
  EXPECT_EQ(controls.subject(), Subject::kThreads);
  Press(controls, "p");
  EXPECT_EQ(controls.subject(), Subject::kProcesses);
  Press(controls, "l");
  EXPECT_EQ(controls.sort_column(), 2U);
}

TEST(Controls, SortGoesRound) {
  Controls controls(true);
  const size_t count = NumberColumns(Subject::kLines).size();
  Press(controls, "<");
  EXPECT_EQ(controls.sort_column(), count - 1);
  controls.Press(kKeyRight, kPageRows);
  EXPECT_EQ(controls.sort_column(), 0U);
  controls.Press(kKeyLeft, kPageRows);
  EXPECT_EQ(controls.sort_column(), count - 1);
}

TEST(Controls, FilterIsAppliedByEnterAndTakenAwayByEscape) {
  Controls controls(true);
  Press(controls, "/Hot");
  EXPECT_TRUE(controls.is_typing());
  EXPECT_EQ(controls.typed(), "Hot");
  EXPECT_TRUE(Matches(controls, "cold"));
  Press(controls, "x");
  controls.Press(kKeyBackspace, kPageRows);
  controls.Press(kKeyEnter, kPageRows);
  EXPECT_FALSE(controls.is_typing());
  EXPECT_EQ(controls.filter_text(), "Hot");
  EXPECT_TRUE(Matches(controls, "a hot line"));
  EXPECT_FALSE(Matches(controls, "cold"));
  controls.Press(kKeyEscape, kPageRows);
  EXPECT_TRUE(Matches(controls, "cold"));
}

TEST(Controls, EscapeWhileTypingKeepsTheFilter) {
  Controls controls(true);
  Press(controls, "/hot\n/cold");
  controls.Press(kKeyEscape, kPageRows);
  EXPECT_EQ(controls.filter_text(), "hot");
}

TEST(Controls, BadExpressionIsToldAndChangesNothing) {
  Controls controls(true);
  Press(controls, "/hot\n/(\n");
  EXPECT_NE(controls.complaint(), "");
  EXPECT_EQ(controls.filter_text(), "hot");
  EXPECT_TRUE(Matches(controls, "hot"));
  Press(controls, "/hot\n");
  EXPECT_EQ(controls.complaint(), "");
}

TEST(Controls, TypedCharactersAreUtf8AndGoOneByOne) {
  Controls controls(true);
  Press(controls, "/");
  for (const Key key : {0xdfU, 0x6f22U, 0x1f600U}) controls.Press(key, kPageRows);
  EXPECT_EQ(controls.typed(), "\u00df\u6f22\U0001f600");
  for (int i = 0; i < 4; i++) controls.Press(kKeyBackspace, kPageRows);
  EXPECT_EQ(controls.typed(), "");
}

TEST(Controls, QuittingAProgramIsAskedAbout) {
  for (const Key quit : {Key{'q'}, kKeyInterrupt}) {
    Controls controls(true);
    EXPECT_EQ(controls.Press(quit, kPageRows), Request::kNone);
    EXPECT_EQ(controls.page(), Controls::Page::kQuestion);
    EXPECT_EQ(Press(controls, "x"), Request::kNone);
    EXPECT_EQ(controls.page(), Controls::Page::kTable);
    controls.Press(quit, kPageRows);
    EXPECT_EQ(Press(controls, "g"), Request::kLeave);
    EXPECT_EQ(Press(controls, "e"), Request::kEnd);
    EXPECT_EQ(controls.Press(kKeyInterrupt, kPageRows), Request::kEnd);
  }
}

TEST(Controls, QuittingAnotherProcessIsNot) {
  for (const Key quit : {Key{'q'}, kKeyInterrupt}) {
    Controls controls(false);
    EXPECT_EQ(controls.Press(quit, kPageRows), Request::kLeave);
  }
}

TEST(Controls, InterruptWorksWhileTypingAndOnEveryPage) {
  for (const char* before : {"/hot", "h", "o"}) {
    Controls controls(true);
    Press(controls, before);
    controls.Press(kKeyInterrupt, kPageRows);
    EXPECT_EQ(controls.page(), Controls::Page::kQuestion) << before;
  }
}

TEST(Controls, PagesAreLeftByAnyKey) {
  Controls controls(true);
  Press(controls, "h");
  EXPECT_EQ(controls.page(), Controls::Page::kHelp);
  Press(controls, "f");
  EXPECT_EQ(controls.page(), Controls::Page::kTable);
  EXPECT_EQ(controls.subject(), Subject::kLines);
  Press(controls, "o");
  EXPECT_EQ(controls.page(), Controls::Page::kOutput);
}

TEST(Controls, OutputIsThatOfAProgramOnly) {
  Controls controls(false);
  Press(controls, "o");
  EXPECT_EQ(controls.page(), Controls::Page::kTable);
}

TEST(Controls, SpacePausesAndAAverages) {
  Controls controls(true);
  Press(controls, " a");
  EXPECT_TRUE(controls.is_paused());
  EXPECT_EQ(controls.span(), Span::kStart);
  Press(controls, " a");
  EXPECT_FALSE(controls.is_paused());
  EXPECT_EQ(controls.span(), Span::kInterval);
}

TEST(Controls, KeysOfTheTerminalAskForThings) {
  Controls controls(true);
  EXPECT_EQ(Press(controls, "r"), Request::kReset);
  EXPECT_EQ(controls.Press(kKeySuspend, kPageRows), Request::kSuspend);
  EXPECT_EQ(controls.Press(kKeyRepaint, kPageRows), Request::kRepaint);
}

TEST(Controls, ScrollStaysWithinTheTable) {
  Controls controls(true);
  const auto press = [&](Key key) {
    controls.Press(key, kPageRows);
    controls.LimitScroll(25, kPageRows);
    return controls.first_row();
  };
  EXPECT_EQ(press(kKeyUp), 0U);
  EXPECT_EQ(press(kKeyDown), 1U);
  EXPECT_EQ(press(kKeyPageDown), 11U);
  EXPECT_EQ(press(kKeyPageDown), 15U);
  EXPECT_EQ(press(kKeyPageUp), 5U);
  EXPECT_EQ(press(kKeyEnd), 15U);
  EXPECT_EQ(press(kKeyHome), 0U);
  controls.Press(kKeyEnd, kPageRows);
  controls.LimitScroll(3, kPageRows);
  EXPECT_EQ(controls.first_row(), 0U);
}

}  // namespace
}  // namespace lineprof
