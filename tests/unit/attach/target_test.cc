#include "attach/target.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace lineprof {
namespace {

using namespace std::string_view_literals;

TEST(FindVersionText, TakesTheTextOfSysVersion) {
  EXPECT_EQ(FindVersionText("\0\0x (y)\0003.8.18 (default, Nov 20 2026, 10:00:00) \n[GCC]\0"sv),
            0x030812u);
  EXPECT_EQ(FindVersionText("3.10.13+ (main)"), 0x030a0du);
  EXPECT_EQ(FindVersionText("3.9.0rc1 (main)"), 0x030900u);
  EXPECT_EQ(FindVersionText("2.7.18 (main)"), 0x02071200u >> 8);
}

TEST(FindVersionText, FindsNothingElsewhere) {
  for (const std::string_view text : {""sv, " ("sv, "3.8 (x)"sv, "4.1.2 (x)"sv, "3.x.2 (x)"sv,
                                      "a text before 3.8.1 (x)"sv, "3.8.18"sv, "3. ("sv}) {
    EXPECT_EQ(FindVersionText(text), 0u) << text;
  }
}

TEST(FindTarget, RefusesAProcessWithoutPython) {
  const Result<Target> own = FindTarget(getpid());
  ASSERT_FALSE(own.ok());
  EXPECT_NE(own.error().find("no CPython"), std::string::npos) << own.error();
}

TEST(FindTarget, RefusesNoProcess) {
  const Result<Target> none = FindTarget(1 << 30);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error(), "process 1073741824: there is none");
}

}  // namespace
}  // namespace lineprof
