// Which code is counted, by the options that the report has too.
#include "profile/trace_choice.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

using Words = std::vector<std::string>;

struct Options {
  Words includes, excludes, only;
  bool exclude_library = false;
};

bool IsCounted(const Options& options, const ChoiceQuestion& question) {
  const Result<Filter> filter = Filter::Create(options.includes, options.excludes);
  const Result<TraceChoice> choice =
      TraceChoice::Create(options.only, options.exclude_library, "/home/x");
  return choice.value().IsCounted(filter.value(), question);
}

ChoiceQuestion Question(const std::string& filename, const std::string& function = "f",
                        bool is_main = false) {
  return {filename, function, is_main, "/home/x", "/usr/lib/python3.11\n/venv/lib"};
}

TEST(TraceChoice, CountsAllWithoutOptions) {
  EXPECT_TRUE(IsCounted({}, Question("a.py")));
  EXPECT_TRUE(IsCounted({}, Question("/usr/lib/python3.11/json/__init__.py")));
  EXPECT_TRUE(IsCounted({}, Question("<string>")));
}

TEST(TraceChoice, FollowsTheReportsFilters) {
  EXPECT_TRUE(IsCounted({{"a"}, {}, {}}, Question("a.py")));
  EXPECT_FALSE(IsCounted({{"a"}, {}, {}}, Question("b.py")));
  EXPECT_FALSE(IsCounted({{}, {"b"}, {}}, Question("b.py")));
  EXPECT_TRUE(IsCounted({{"^b.py$"}, {"b"}, {}}, Question("/home/x/b.py")));  // as it is shown
}

TEST(TraceChoice, LeavesTheLibraryOutButForMain) {
  const Options options{{}, {}, {}, true};
  EXPECT_TRUE(IsCounted(options, Question("/home/x/a.py")));
  EXPECT_FALSE(IsCounted(options, Question("/usr/lib/python3.11/timeit.py")));
  EXPECT_TRUE(IsCounted(options, Question("/usr/lib/python3.11/timeit.py", "f", true)));
}

TEST(TraceChoice, OnlySearchesQualifiedNames) {
  const Options options{{}, {}, {"^Tree[.]", "walk"}};
  EXPECT_TRUE(IsCounted(options, Question("a.py", "Tree.insert")));
  EXPECT_TRUE(IsCounted(options, Question("a.py", "Wood.walk")));
  EXPECT_FALSE(IsCounted(options, Question("a.py", "Wood.insert")));
}

TEST(TraceChoice, NamesABadExpression) {
  const Result<TraceChoice> choice = TraceChoice::Create({"("}, false, "/");
  ASSERT_FALSE(choice.ok());
  EXPECT_EQ(choice.error().rfind("--only: bad regular expression '('", 0), 0u) << choice.error();
}

}  // namespace
}  // namespace lineprof
