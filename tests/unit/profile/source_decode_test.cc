#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "profile/source_cache.h"

namespace lineprof {
namespace {

using Lines = std::vector<std::string>;

struct DecodeCase {
  const char* what;
  std::string bytes;
  Lines lines;
};

void ExpectDecoded(const DecodeCase& c) {
  SourceText source = DecodeSource(c.bytes);
  EXPECT_EQ(source.lines, c.lines) << c.what;
  EXPECT_EQ(source.state, SourceText::State::kRead) << c.what;
  EXPECT_EQ(source.note, "") << c.what;
}

TEST(DecodeSource, EndsLinesWhereThePythonTokenizerDoes) {
  const DecodeCase cases[] = {
      {"empty", "", {}},
      {"no end", "a", {"a"}},
      {"one end", "a\n", {"a"}},
      {"empty lines", "\n\na\n\n", {"", "", "a", ""}},
      {"CRLF", "a\r\nb\r\n", {"a", "b"}},
      {"CR", "a\rb\r", {"a", "b"}},
      {"mixed", "a\r\n\rb\n\rc", {"a", "", "b", "", "c"}},
      {"form feed and vertical tab stay", "a\fb\n\x0b c\n", {"a\fb", "\x0b c"}},
      {"separators stay", "a\x1c\x1d\x1e z\n", {"a\x1c\x1d\x1e z"}},
      {"U+0085, U+2028, U+2029 stay",
       "a\xc2\x85\xe2\x80\xa8\xe2\x80\xa9z\n",
       {"a\xc2\x85\xe2\x80\xa8\xe2\x80\xa9z"}},
      {"tabs and blanks at the end stay", "\ta \t\n", {"\ta \t"}},
      {"NUL stays", std::string("a\0b\n", 4), {std::string("a\0b", 3)}},
  };
  for (const DecodeCase& c : cases) ExpectDecoded(c);
}

TEST(DecodeSource, ReadsUtf8ByDefaultAndReplacesEachBadByte) {
  const DecodeCase cases[] = {
      {"UTF-8", "# \xc3\xa9\n", {"# \xc3\xa9"}},
      {"byte order mark", "\xef\xbb\xbfx = 1\n", {"x = 1"}},
      {"bad byte spoils nothing else", "a\xe9 \xc3\xa9\nb\n", {"a\xef\xbf\xbd \xc3\xa9", "b"}},
      {"cut sequence at the end", "a\xe2\x82", {"a\xef\xbf\xbd\xef\xbf\xbd"}},
      {"line end after a first byte", "a\xc3\nb", {"a\xef\xbf\xbd", "b"}},
      {"the mark beats the cookie",
       "\xef\xbb\xbf# coding: latin-1\n\xc3\xa9\n",
       {"# coding: latin-1", "\xc3\xa9"}},
  };
  for (const DecodeCase& c : cases) ExpectDecoded(c);
}

// Latin-1's e with acute stands for "the cookie was seen".
TEST(DecodeSource, FindsTheCookieWherePep263Allows) {
  const std::string e = "\xc3\xa9";
  const std::string bad = "\xef\xbf\xbd";
  const DecodeCase cases[] = {
      {"line 1", "# coding: latin-1\n\xe9", {"# coding: latin-1", e}},
      {"emacs", "# -*- coding: latin-1 -*-\n\xe9", {"# -*- coding: latin-1 -*-", e}},
      {"vim", "# vim: set fileencoding=latin-1 :\n\xe9", {"# vim: set fileencoding=latin-1 :", e}},
      {"indented", " \t\f# coding:latin-1\n\xe9", {" \t\f# coding:latin-1", e}},
      {"line 2 after a comment", "#!/x\n# coding=latin-1\n\xe9", {"#!/x", "# coding=latin-1", e}},
      {"line 2 after a blank line", "\r\n# coding=latin-1\r\n\xe9", {"", "# coding=latin-1", e}},
      {"line 2 after code", "x = 1\n# coding=latin-1\n\xe9", {"x = 1", "# coding=latin-1", bad}},
      {"line 3", "#\n#\n# coding=latin-1\n\xe9", {"#", "#", "# coding=latin-1", bad}},
      {"in code", "x = 'coding: latin-1'\n\xe9", {"x = 'coding: latin-1'", bad}},
      {"blank before the colon", "# coding : latin-1\n\xe9", {"# coding : latin-1", bad}},
      {"line 1 ended by CR", "# coding: latin-1\r\xe9", {"# coding: latin-1", e}},
      {"on the line itself", "# \xe9 coding: latin-1\n", {"# " + e + " coding: latin-1"}},
  };
  for (const DecodeCase& c : cases) ExpectDecoded(c);
}

struct EncodingCase {
  const char* name;
  std::string bytes;
  std::string text;
};

TEST(DecodeSource, KnowsEncodingsByPythonsNames) {
  const std::string e = "\xc3\xa9";
  const std::string replaced = "\xef\xbf\xbd";
  const EncodingCase cases[] = {
      {"utf-8", e, e},
      {"UTF8", e, e},
      {"utf_8", e, e},
      {"utf-8-sig", e, e},
      {"latin-1", "\xe9", e},
      {"Latin_1", "\xe9", e},
      {"latin1", "\xe9", e},
      {"iso-8859-1", "\xe9", e},
      {"iso8859_1", "\xe9", e},
      {"iso-latin-1", "\xe9", e},
      {"iso-8859-15", "\xa4", "\xe2\x82\xac"},
      {"iso8859_15", "\xa4", "\xe2\x82\xac"},
      {"cp1252", "\x80\xe9", "\xe2\x82\xac" + e},
      {"windows-1252", "\x80", "\xe2\x82\xac"},
      {"koi8-r", "\xc1", "\xd0\xb0"},
      {"cp437", "\x82", e},
      {"mac-roman", "\x8e", e},
      {"shift_jis", "\x82\xa0 \\n~", "\xe3\x81\x82 \\n~"},
      {"euc_jp", "\xa4\xa2", "\xe3\x81\x82"},
      {"gbk", "\xd6\xd0", "\xe4\xb8\xad"},
      {"big5", "\xa4\xa4", "\xe4\xb8\xad"},
      {"euc-kr", "\xb0\xa1", "\xea\xb0\x80"},
      {"ascii", "a\xe9z", "a" + replaced + "z"},
      {"cp1252", "a\x81z", "a" + replaced + "z"},
      {"shift_jis", "a\x82", "a" + replaced},
  };
  for (const EncodingCase& c : cases) {
    std::string cookie = std::string("# coding: ") + c.name;
    SourceText source = DecodeSource(cookie + "\n" + c.bytes + "\nend\n");
    ASSERT_EQ(source.lines.size(), 3u) << c.name;
    EXPECT_EQ(source.lines[1], c.text) << c.name;
    EXPECT_EQ(source.lines[2], "end") << c.name;
    EXPECT_EQ(source.note, "") << c.name;
  }
}

TEST(DecodeSource, ReadsUnknownAndImpossibleEncodingsAsUtf8WithANote) {
  for (std::string name : {"klingon", "utf-16", "UTF_32_LE", "ucs-2", "rot13"}) {
    SourceText source = DecodeSource("# coding: " + name + "\n\xc3\xa9\xff\n");
    ASSERT_EQ(source.lines.size(), 2u) << name;
    EXPECT_EQ(source.lines[1], "\xc3\xa9\xef\xbf\xbd") << name;
    EXPECT_EQ(source.note, "unknown encoding '" + name + "': read as UTF-8");
  }
}

TEST(DecodeSource, ConvertsMoreThanOneBufferOfText) {
  std::string bytes = "# coding: latin-1\n";
  std::string expected;
  for (int i = 0; i < 20000; i++) {
    bytes += '\xe9';
    expected += "\xc3\xa9";
  }
  SourceText source = DecodeSource(bytes);
  ASSERT_EQ(source.lines.size(), 2u);
  EXPECT_EQ(source.lines[1], expected);
}

}  // namespace
}  // namespace lineprof
