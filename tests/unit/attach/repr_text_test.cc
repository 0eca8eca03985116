#include "attach/repr_text.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

TEST(QuoteText, IsReprs) {
  EXPECT_EQ(QuoteText("a b", 60), "'a b'");
  EXPECT_EQ(QuoteText("it's", 60), "\"it's\"");
  EXPECT_EQ(QuoteText("'\"", 60), "'\\'\"'");
  EXPECT_EQ(QuoteText("\n\t\\\x01", 60), "'\\n\\t\\\\\\x01'");
  EXPECT_EQ(QuoteText("gr\xc3\xb6\xc3\x9f", 60), "'gr\xc3\xb6\xc3\x9f'");
}

TEST(QuoteText, IsCutAtACharactersEnd) {
  EXPECT_EQ(QuoteText("abcdef", 3), "'abc'...");
  EXPECT_EQ(QuoteText("ab\xc3\xb6", 3), "'ab\xc3\xb6'");
}

TEST(QuoteBytes, IsReprs) {
  EXPECT_EQ(QuoteBytes(std::string_view("a\0\xff'", 4), 60), "b\"a\\x00\\xff'\"");
  EXPECT_EQ(QuoteBytes("abcd", 2), "b'ab'...");
}

TEST(Shorten, LeavesShortTextsAlone) {
  EXPECT_EQ(Shorten("abc", 3), "abc");
  EXPECT_EQ(Shorten("ab\xc3\xb6z", 3), "ab...");
}

}  // namespace
}  // namespace lineprof
