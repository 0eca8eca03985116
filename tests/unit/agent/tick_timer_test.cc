// The periods of ticks.
#include "agent/tick_timer.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

TEST(PeriodOffset, IsAnEighthAtMostEitherWay) {
  EXPECT_EQ(PeriodOffset(1'600'000, 0), -200'000);
  EXPECT_EQ(PeriodOffset(1'600'000, 200'000), 0);
  EXPECT_EQ(PeriodOffset(1'600'000, 400'000), 200'000);
  EXPECT_EQ(PeriodOffset(1'600'000, 400'001), -200'000);
  EXPECT_LE(PeriodOffset(1'600'000, UINT64_MAX), 200'000);
}

TEST(PeriodOffset, LeavesTheShortestPeriodALength) { EXPECT_EQ(PeriodOffset(1, 5), 0); }

}  // namespace
}  // namespace lineprof
