#include "cli/profiling_schedule.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

using Change = std::optional<bool>;
using Time = std::optional<uint64_t>;

TEST(ProfilingSchedule, WithoutTimesNothingChanges) {
  ProfilingSchedule schedule(0, std::nullopt);
  EXPECT_FALSE(schedule.begins_paused());
  EXPECT_EQ(schedule.NextChange(), Time());
  EXPECT_EQ(schedule.TakeChange(1'000'000'000), Change());
}

TEST(ProfilingSchedule, BeginsAfterTheDelayAndEndsAfterTheDuration) {
  ProfilingSchedule schedule(100, 50);
  EXPECT_TRUE(schedule.begins_paused());
  EXPECT_EQ(schedule.TakeChange(99), Change());
  EXPECT_EQ(schedule.NextChange(), Time(100));
  EXPECT_EQ(schedule.TakeChange(100), Change(true));
  EXPECT_EQ(schedule.NextChange(), Time(150));
  EXPECT_EQ(schedule.TakeChange(149), Change());
  EXPECT_EQ(schedule.TakeChange(170), Change(false));
  EXPECT_EQ(schedule.NextChange(), Time());
  EXPECT_EQ(schedule.TakeChange(1000), Change());
}

TEST(ProfilingSchedule, ALateLookTakesBothChanges) {
  ProfilingSchedule schedule(100, 50);
  EXPECT_EQ(schedule.TakeChange(1000), Change(true));
  EXPECT_EQ(schedule.TakeChange(1000), Change(false));
}

}  // namespace
}  // namespace lineprof
