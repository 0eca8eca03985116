#include "base/shell_quote.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

struct QuoteCase {
  std::string argument;
  std::string quoted;
};

TEST(ShellQuote, QuotesWhatAShellWouldTakeForSomethingElse) {
  const QuoteCase cases[] = {
      {"script.py", "script.py"},
      {"--rate=1,000%", "--rate=1,000%"},
      {"/a/b-c_d+e:f@g", "/a/b-c_d+e:f@g"},
      {"", "''"},
      {"two words", "'two words'"},
      {"it's", "'it'\"'\"'s'"},
      {"$HOME", "'$HOME'"},
      {"~", "'~'"},
      {"a\\b", "'a\\b'"},
      {"caf\xc3\xa9", "'caf\xc3\xa9'"},
  };
  for (const QuoteCase& c : cases) EXPECT_EQ(ShellQuote(c.argument), c.quoted);
}

TEST(ShellQuote, WritesControlCharactersAndBytesAsEscapesOnOneLine) {
  const QuoteCase cases[] = {
      {"import x\nx.run('a\\b')", "$'import x\\nx.run(\\'a\\\\b\\')'"},
      {"a\tb", "$'a\\tb'"},
      {"\x1b[1m", "$'\\033[1m'"},
      {"caf\xe9 \xc3\xa9", "$'caf\\351 \xc3\xa9'"},
      {"\x7f", "$'\\177'"},
  };
  for (const QuoteCase& c : cases) EXPECT_EQ(ShellQuote(c.argument), c.quoted);
}

TEST(ShellQuote, JoinsArgumentsWithOneBlank) {
  EXPECT_EQ(ShellJoin({}), "");
  EXPECT_EQ(ShellJoin({"python3", "", "a b"}), "python3 '' 'a b'");
}

}  // namespace
}  // namespace lineprof
