#include "profile/filter.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

struct FilterCase {
  const char* what;
  std::vector<std::string> includes;
  std::vector<std::string> excludes;
  std::string name;
  std::optional<bool> excluded_already;
  bool expected;
};

TEST(Filter, ExcludesUnlessIncluded) {
  const FilterCase cases[] = {
      {"no rule", {}, {}, "a.py", {}, true},
      {"exclude matches", {}, {"a"}, "a.py", {}, false},
      {"exclude does not match", {}, {"b"}, "a.py", {}, true},
      {"a second exclude matches", {}, {"b", "py$"}, "a.py", {}, false},
      {"include alone, matches", {"a"}, {}, "a.py", {}, true},
      {"include alone excludes the rest", {"b"}, {}, "a.py", {}, false},
      {"include brings back", {"a"}, {"py"}, "a.py", {}, true},
      {"include of another name does not", {"b"}, {"py"}, "a.py", {}, false},
      {"with an exclude, includes leave the rest in", {"b"}, {"c"}, "a.py", {}, true},
      {"searches, not matches", {}, {"bin/"}, "/usr/bin/x", {}, false},
      {"anchors work", {}, {"^bin/"}, "/usr/bin/x", {}, true},
      {"another rule excludes", {}, {}, "a.py", true, false},
      {"another rule leaves in", {}, {}, "a.py", false, true},
      {"include brings back from another rule", {"a"}, {}, "a.py", true, true},
      {"include of another name does not bring back", {"b"}, {}, "a.py", true, false},
      {"with another rule, includes leave the rest in", {"b"}, {}, "a.py", false, true},
      {"the empty expression matches all", {}, {""}, "a.py", {}, false},
  };
  for (const FilterCase& c : cases) {
    Result<Filter> filter = Filter::Create(c.includes, c.excludes);
    ASSERT_TRUE(filter.ok()) << c.what;
    EXPECT_EQ(filter.value().Includes(c.name, c.excluded_already), c.expected) << c.what;
  }
}

TEST(Filter, IncludesEverythingByDefault) { EXPECT_TRUE(Filter().Includes("anything")); }

TEST(Filter, NamesOptionExpressionAndReasonOfABadExpression) {
  EXPECT_EQ(Filter::Create({"ok", "a(b"}, {}).error(),
            "--include: bad regular expression 'a(b': missing ): a(b");
  EXPECT_EQ(Filter::Create({}, {"*"}).error(),
            "--exclude: bad regular expression '*': no argument for repetition operator: *");
}

TEST(Filter, KeepsItsErrorOnOneLineAndOffStandardError) {
  testing::internal::CaptureStderr();
  Result<Filter> filter = Filter::Create({"a\n(b"}, {});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  ASSERT_FALSE(filter.ok());
  EXPECT_EQ(filter.error().find('\n'), std::string::npos) << filter.error();
}

}  // namespace
}  // namespace lineprof
