#include "top/columns.h"

#include <gtest/gtest.h>

#include <clocale>

namespace lineprof {
namespace {

class ColumnsTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(setlocale(LC_CTYPE, "C.UTF-8"), nullptr); }
  void TearDown() override { setlocale(LC_CTYPE, "C"); }
};

TEST_F(ColumnsTest, WideCharactersTakeTwoAndCombiningOnesNone) {
  EXPECT_EQ(CountColumns("abc"), 3U);
  EXPECT_EQ(CountColumns("größe"), 5U);
  EXPECT_EQ(CountColumns("\u6f22\u5b57"), 4U);  // two ideographs
  EXPECT_EQ(CountColumns("e\u0301"), 1U);       // e and an accent
  EXPECT_EQ(CountColumns(""), 0U);
}

TEST_F(ColumnsTest, TextThatFitsStaysAsItIs) {
  EXPECT_EQ(CutToColumns("abc", 3), "abc");
  EXPECT_EQ(FitColumns("abc", 5), "abc  ");
}

TEST_F(ColumnsTest, LongTextIsCutWhereItSaysLess) {
  EXPECT_EQ(CutToColumns("abcdef", 4), "abc\u2026");
  EXPECT_EQ(CutToColumns("dir/file.py:12", 8, Cut::kBegin), "\u2026e.py:12");
  EXPECT_EQ(CutToColumns("abc", 1), "\u2026");
  EXPECT_EQ(CutToColumns("abc", 0), "");
}

TEST_F(ColumnsTest, NoHalfOfAWideCharacterIsLeft) {
  EXPECT_EQ(FitColumns("\u6f22\u5b57\u6f22", 4), "\u6f22\u2026 ");
  EXPECT_EQ(FitColumns("\u6f22\u5b57\u6f22", 4, Cut::kBegin), "\u2026\u6f22 ");
}

TEST_F(ColumnsTest, NothingMovesTheCursor) {
  EXPECT_EQ(CutToColumns("a\tb\nc\x1b[2Jd\x7f", 20), "a b c [2Jd ");
  EXPECT_EQ(CutToColumns("a\u009bb", 20), "a b");  // a C1 control
  EXPECT_EQ(CutToColumns("a\xff\xfe", 20), "a\ufffd\ufffd");
}

}  // namespace
}  // namespace lineprof
