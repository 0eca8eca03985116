#include "base/utf8.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

struct Utf8Case {
  const char* what;
  std::string_view text;
  size_t length;
};

TEST(Utf8, MeasuresTheFirstSequenceOrRefusesIt) {
  const Utf8Case cases[] = {
      {"nothing", "", 0},
      {"a letter", "ab", 1},
      {"a NUL", std::string_view("\0a", 2), 1},
      {"two bytes", "\xc3\xa9x", 2},
      {"three bytes", "\xe2\x82\xac", 3},
      {"four bytes", "\xf0\x9f\x90\x8d", 4},
      {"the last code point", "\xf4\x8f\xbf\xbf", 4},
      {"above the last code point", "\xf4\x90\x80\x80", 0},
      {"a continuation byte alone", "\xa9", 0},
      {"a cut sequence", "\xe2\x82", 0},
      {"a broken sequence", "\xe2\x82x", 0},
      {"an overlong two", "\xc0\x80", 0},
      {"an overlong three", "\xe0\x9f\xbf", 0},
      {"an overlong four", "\xf0\x8f\xbf\xbf", 0},
      {"a surrogate", "\xed\xa0\x80", 0},
      {"just below the surrogates", "\xed\x9f\xbf", 3},
      {"a byte that never occurs", "\xff", 0},
  };
  for (const Utf8Case& c : cases) EXPECT_EQ(Utf8SequenceLength(c.text), c.length) << c.what;
}

TEST(Utf8, ReplacesEachInvalidByteAndNothingElse) {
  EXPECT_EQ(ReplaceInvalidUtf8("a\xff\xe2\x82z\xc3\xa9"),
            "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xc3\xa9");
}

TEST(Utf8, EscapesEachInvalidByteInHexadecimal) {
  EXPECT_EQ(EscapeInvalidUtf8("caf\xe9/\xc3\xa9"), "caf\\xe9/\xc3\xa9");
}

}  // namespace
}  // namespace lineprof
