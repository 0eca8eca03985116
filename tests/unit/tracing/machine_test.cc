#include "agent/tracing/machine.h"

#include <gtest/gtest.h>

#include "agent/tracing/speed_probe.h"

namespace lineprof {
namespace {

TEST(LookAtMachine, TakesNoTimeOfTheProgram) {
  g_trace = TraceContext{};
  EXPECT_FALSE(IsLookDue(UINT64_MAX - 1));  // nothing is known of costs yet
  SetEventCosts({}, ProbeSpeed(), 1);
  EXPECT_TRUE(IsLookDue(1));
  TraceThread thread{};
  thread.last_ticks = 900;
  const uint64_t now = LookAtMachine(&thread, 1000);
  EXPECT_GT(now, 1000u);
  EXPECT_EQ(now - thread.last_ticks, 100u);
  EXPECT_FALSE(IsLookDue(now));
  EXPECT_TRUE(IsLookDue(g_trace.look_due));
}

TEST(LookAtMachine, ServesThreadsThatAreNotTracedYet) {
  g_trace = TraceContext{};
  SetEventCosts({}, ProbeSpeed(), 1);
  EXPECT_GT(LookAtMachine(nullptr, 1000), 1000u);
}

TEST(LookAtMachine, CostsFollowTheSpeed) {
  g_trace = TraceContext{};
  TraceCosts costs;
  costs.line = {1000, 1000};
  // Measured on a machine that took a thousand times as long: as far as one can change.
  SetEventCosts(costs, ProbeSpeed() * 1000, 1);
  LookAtMachine(nullptr, 1);
  EXPECT_EQ(g_trace.costs.line.in, 250);
  g_trace = TraceContext{};
}

TEST(TakenTime, IsWhatOthersHadOfIt) {
  EXPECT_EQ(TakenNs({1'000'000, 500'000, 7}, {9'000'000, 2'500'000, 7}), 6'000'000u);
}

TEST(TakenTime, IsNoneWhereTheThreadWaited) {
  EXPECT_EQ(TakenNs({1'000'000, 500'000, 7}, {9'000'000, 2'500'000, 8}), 0u);
}

TEST(TakenTime, IsNoneWhereTheClocksAgree) {
  EXPECT_EQ(TakenNs({1'000'000, 500'000, 7}, {9'000'000, 8'490'000, 7}), 0u);
  EXPECT_EQ(TakenNs({1'000'000, 500'000, 7}, {9'000'000, 8'510'000, 7}), 0u);
}

}  // namespace
}  // namespace lineprof
