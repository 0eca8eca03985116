#include "recorder/wait_accounting.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

TEST(PlaceWaiting, FollowsItsTable) {
  struct Case {
    const char* what;
    Look look;  // was waiting, ran, is waiting
    Placement expected;
  };
  const Case cases[] = {
      {"was waiting, has not run", {true, false, true}, {101, 0}},
      {"was waiting, ran, waits again", {true, true, true}, {50, 51}},
      {"was waiting, runs now", {true, true, false}, {101, 0}},
      {"ran, waits now", {false, true, true}, {0, 101}},
      {"ran, runs now", {false, true, false}, {0, 0}},
  };
  for (const Case& c : cases) {
    const Placement got = PlaceWaiting(c.look, 101);
    EXPECT_EQ(got.old_line_ns, c.expected.old_line_ns) << c.what;
    EXPECT_EQ(got.new_line_ns, c.expected.new_line_ns) << c.what;
  }
}

}  // namespace
}  // namespace lineprof
