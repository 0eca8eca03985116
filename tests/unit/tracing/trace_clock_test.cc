#include "agent/tracing/trace_clock.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

// The clock is the process's: other tests get theirs back.
class TraceClockTest : public testing::Test {
 protected:
  void TearDown() override { g_trace_clock = kind_; }
  const TraceClockKind kind_ = g_trace_clock;
};

TEST_F(TraceClockTest, TheCounterIsTrustedWhereProcessorAndKernelDo) {
  EXPECT_EQ(BestTraceClock({true, "tsc"}), TraceClockKind::kTsc);
  EXPECT_EQ(BestTraceClock({true, ""}), TraceClockKind::kTsc);
  EXPECT_EQ(BestTraceClock({true, "kvm-clock"}), TraceClockKind::kMonotonic);
  EXPECT_EQ(BestTraceClock({true, "hpet"}), TraceClockKind::kMonotonic);
  EXPECT_EQ(BestTraceClock({false, "tsc"}), TraceClockKind::kMonotonic);
  EXPECT_EQ(BestTraceClock({false, ""}), TraceClockKind::kMonotonic);
}

TEST_F(TraceClockTest, WithoutTheCounterTicksAreNanoseconds) {
  g_trace_clock = TraceClockKind::kMonotonic;
  const uint64_t before = ClockNs(CLOCK_MONOTONIC);
  const uint64_t ticks = TraceTicks();
  const uint64_t after = ClockNs(CLOCK_MONOTONIC);
  EXPECT_GE(ticks, before);
  EXPECT_LE(ticks, after);
  EXPECT_EQ(NsPerTick({100, 100}, {5'000'100, 6'000'100}, 7), 1);
}

TEST_F(TraceClockTest, ARateIsToldByMomentsFarEnoughApart) {
  g_trace_clock = TraceClockKind::kTsc;
  EXPECT_DOUBLE_EQ(NsPerTick({1000, 5'000'000}, {5'001'000, 7'000'000}, 7), 0.4);
  EXPECT_DOUBLE_EQ(NsPerTick({1000, 5'000'000}, {2000, 5'000'400}, 7), 7);
  EXPECT_DOUBLE_EQ(NsPerTick({1000, 5'000'000}, {1000, 9'000'000}, 7), 7);
}

TEST_F(TraceClockTest, BothClocksOfAPairTellTheSameMoment) {
  for (const TraceClockKind kind : {TraceClockKind::kTsc, TraceClockKind::kMonotonic}) {
    g_trace_clock = kind;
    const ClockPair first = ReadClockPair();
    const ClockPair second = ReadClockPair();
    EXPECT_GE(second.ticks, first.ticks);
    EXPECT_GE(second.ns, first.ns);
  }
}

}  // namespace
}  // namespace lineprof
