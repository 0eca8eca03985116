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
  EXPECT_EQ(cpu.Update({100 * kMs, 0, 1}, false, 902 * kMs), 100 * kMs);
}

TEST(CpuEstimate, TakesAThreadToHaveWokenHalfwayBetweenLooks) {
  CpuEstimate cpu({100 * kMs, 0, 1}, 0);
  EXPECT_EQ(cpu.Update({100 * kMs, 0, 1}, false, 900 * kMs), 100 * kMs);
  EXPECT_EQ(cpu.Update({100 * kMs, 0, 2}, true, 902 * kMs), 101 * kMs);
  EXPECT_EQ(cpu.Update({100 * kMs, 0, 2}, true, 903 * kMs), 102 * kMs);
  EXPECT_EQ(cpu.Update({103 * kMs, 0, 2}, false, 904 * kMs), 103 * kMs);
  // Looks were far apart: it cannot have run for so long without the kernel's saying so.
  EXPECT_EQ(cpu.Update({103 * kMs, 0, 3}, true, 990 * kMs), 105 * kMs);
}

TEST(CpuEstimate, IsNeverMoreThanATickAhead) {
  CpuEstimate cpu({0, 0, 1}, 0);
  EXPECT_EQ(cpu.Update({0, 0, 1}, true, 500 * kMs), 10 * kMs);
}

TEST(CpuEstimate, GoesBackWhereItWentTooFar) {
  CpuEstimate cpu({0, 0, 1}, 0);
  EXPECT_EQ(cpu.Update({0, 0, 1}, false, 1 * kMs), 0);
  EXPECT_EQ(cpu.Update({0, 0, 2}, true, 5 * kMs), 2 * kMs);
  EXPECT_EQ(cpu.Update({1 * kMs, 0, 2}, false, 6 * kMs), 1 * kMs);
}

TEST(CpuEstimate, LiesBetweenWhatTheKernelSaysAndWhatCanHavePassedSince) {
  CpuEstimate cpu({0, 0, 1}, 0);
  // It woke between 0 and 2 ms; the kernel says at 3 ms that it ran for 1.5 ms some time ago, at
  // most 1 ms.
  EXPECT_EQ(cpu.Update({0, 0, 2}, true, 2 * kMs), 1 * kMs);
  EXPECT_EQ(cpu.Update({1 * kMs + kMs / 2, 0, 2}, true, 3 * kMs), 2 * kMs);
}

}  // namespace
}  // namespace lineprof
