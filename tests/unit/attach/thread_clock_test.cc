#include "attach/thread_clock.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace lineprof {
namespace {

constexpr uint64_t kMs = 1'000'000;

TEST(ParseSchedStat, TakesThreeNumbers) {
  const auto stat = ParseSchedStat("123456 789 12\n");
  ASSERT_TRUE(stat);
  EXPECT_EQ(*stat, (SchedStat{123456, 789, 12}));
}

TEST(ParseSchedStat, RefusesLess) {
  for (const char* text : {"", "1", "1 2", "1 2 ", "x 2 3", "-1 2 3"}) {
    EXPECT_FALSE(ParseSchedStat(text)) << text;
  }
}

TEST(ThreadClock, OfThisThreadGrowsAndSaysThatItRuns) {
  const ThreadClock clock(getpid(), gettid());
  EXPECT_TRUE(clock.Read());
  EXPECT_TRUE(clock.Runs());
}

TEST(ThreadClock, OfNoThreadIsNothing) {
  const ThreadClock clock(getpid(), -1);
  EXPECT_FALSE(clock.Read());
  EXPECT_FALSE(clock.Runs());
}

TEST(CpuEstimate, GoesOnWhileTheKernelHasNotLooked) {
  CpuEstimate cpu({100 * kMs, 0, 1}, 0);
  EXPECT_EQ(cpu.Update({100 * kMs, 0, 1}, true, 1 * kMs), 101 * kMs);
  EXPECT_EQ(cpu.Update({100 * kMs, 0, 1}, true, 3 * kMs), 103 * kMs);
  EXPECT_EQ(cpu.Update({104 * kMs, 0, 1}, true, 4 * kMs), 104 * kMs);
  EXPECT_EQ(cpu.Update({104 * kMs, 0, 1}, true, 5 * kMs), 105 * kMs);
}

TEST(CpuEstimate, StandsStillWhileTheThreadWaits) {
  CpuEstimate cpu({100 * kMs, 0, 1}, 0);
  EXPECT_EQ(cpu.Update({100 * kMs, 0, 1}, false, 900 * kMs), 100 * kMs);
  // It ran a little, and runs: not all the time since.
  EXPECT_EQ(cpu.Update({100 * kMs, 0, 2}, true, 901 * kMs), 100 * kMs);
  EXPECT_EQ(cpu.Update({100 * kMs, 0, 2}, true, 902 * kMs), 101 * kMs);
}

TEST(CpuEstimate, IsNeverMoreThanATickAheadAndNeverGoesBack) {
  CpuEstimate cpu({0, 0, 1}, 0);
  EXPECT_EQ(cpu.Update({0, 0, 1}, true, 500 * kMs), 10 * kMs);
  EXPECT_EQ(cpu.Update({5 * kMs, 0, 1}, true, 501 * kMs), 10 * kMs);
  EXPECT_EQ(cpu.Update({12 * kMs, 0, 1}, true, 502 * kMs), 12 * kMs);
}

}  // namespace
}  // namespace lineprof
