#include "agent/wait_accounting.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

TEST(PlaceWaiting, FollowsItsTable) {
  struct Case {
    const char* what;
    Look look;
    uint64_t unplaced;
    Placement expected;
  };
  const Case cases[] = {
      {"was waiting, has not run", {100, 0, 0, true, true}, 7, {100, 0, 7, 0}},
      {"was waiting, runs now", {100, 30, 0, true, false}, 7, {70, 0, 7, 0}},
      {"ran, waits now", {100, 30, 0, false, true}, 7, {0, 77, 0, 0}},
      {"was waiting, ran, waits again", {100, 30, 0, true, true}, 7, {35, 42, 0, 0}},
      {"ran, runs now", {100, 30, 0, false, false}, 7, {0, 0, 77, 0}},
      {"run delay is no waiting", {100, 30, 20, true, false}, 0, {50, 0, 0, 20}},
      {"run delay of earlier looks is cut", {100, 30, 500, false, true}, 0, {0, 0, 0, 70}},
      {"clocks that disagree", {100, 130, 0, false, true}, 0, {0, 0, 0, 0}},
  };
  for (const Case& c : cases) {
    const Placement got = PlaceWaiting(c.look, c.unplaced);
    EXPECT_EQ(got.old_line_ns, c.expected.old_line_ns) << c.what;
    EXPECT_EQ(got.new_line_ns, c.expected.new_line_ns) << c.what;
    EXPECT_EQ(got.unplaced_ns, c.expected.unplaced_ns) << c.what;
    EXPECT_EQ(got.delay_ns, c.expected.delay_ns) << c.what;
  }
}

TEST(PlaceWaiting, LosesNothing) {
  uint64_t unplaced = 0;
  uint64_t placed = 0;
  uint64_t truth = 0;
  for (uint64_t i = 0; i < 1000; ++i) {
    const Look look{1000 + i % 7, (i * 37) % 900, (i % 5) * 10, i % 3 == 0, i % 2 == 0};
    const Placement p = PlaceWaiting(look, unplaced);
    truth += look.wall_ns - look.cpu_ns;
    placed += p.old_line_ns + p.new_line_ns + p.delay_ns;
    unplaced = p.unplaced_ns;
  }
  EXPECT_EQ(placed + unplaced, truth);
}

}  // namespace
}  // namespace lineprof
