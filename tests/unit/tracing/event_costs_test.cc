#include "agent/tracing/event_costs.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

int64_t Whole(const EventCost& cost) { return cost.in + cost.out; }

// What calibration would measure of an interpreter with these costs, whose functions take nothing
// without events.
RoundTimes TimesOf(const TraceCosts& costs) {
  using Contents = RoundContents;
  const double instruction = static_cast<double>(costs.instruction_256) / 256;
  const double search = static_cast<double>(costs.search_256) / 256;
  const auto line = static_cast<double>(Whole(costs.line));
  RoundTimes times;
  times.lines = Contents::kLines * line + Contents::kInstructions * instruction +
                Contents::kSearched * search;
  times.long_lines = Contents::kLines * line + Contents::kLongInstructions * instruction +
                     Contents::kLongSearched * search;
  times.late_lines = times.lines + Contents::kLines * Contents::kLateBy * search;
  times.far_lines = Contents::kLines * static_cast<double>(Whole(costs.far_line)) +
                    Contents::kInstructions * instruction;
  times.calls = Contents::kCallLines * line + Contents::kCallInstructions * instruction +
                Contents::kCallSearched * search +
                Contents::kCalls * (line + static_cast<double>(Whole(costs.call)) +
                                    static_cast<double>(Whole(costs.leave)));
  times.resumes = Contents::kResumeLines * line + Contents::kResumeInstructions * instruction +
                  Contents::kResumeSearched * search +
                  static_cast<double>(Whole(costs.resume) + Whole(costs.suspend));
  times.jumps = static_cast<double>(Whole(costs.jump)) + Contents::kJumpInstructions * instruction;
  times.def_line =
      static_cast<double>(costs.call.out + costs.line.in) + Contents::kReturnSearched * search;
  times.return_line = static_cast<double>(costs.line.out + costs.leave.in) +
                      Contents::kReturnInstructions * instruction;
  return times;
}

RoundTimes Over(RoundTimes times, double unit) {
  for (double RoundTimes::*time :
       {&RoundTimes::lines, &RoundTimes::long_lines, &RoundTimes::far_lines,
        &RoundTimes::late_lines, &RoundTimes::calls, &RoundTimes::resumes, &RoundTimes::jumps,
        &RoundTimes::def_line, &RoundTimes::return_line}) {
    times.*time /= unit;
  }
  return times;
}

void ExpectEqual(const TraceCosts& got, const TraceCosts& wanted) {
  const auto expect = [](const EventCost& one, const EventCost& other, const char* name) {
    EXPECT_EQ(one.in, other.in) << name;
    EXPECT_EQ(one.out, other.out) << name;
  };
  expect(got.line, wanted.line, "line");
  expect(got.far_line, wanted.far_line, "far line");
  expect(got.call, wanted.call, "call");
  expect(got.leave, wanted.leave, "leave");
  expect(got.resume, wanted.resume, "resume");
  expect(got.suspend, wanted.suspend, "suspend");
  expect(got.jump, wanted.jump, "jump");
  EXPECT_EQ(got.instruction_256, wanted.instruction_256);
  EXPECT_EQ(got.search_256, wanted.search_256);
}

// As of 3.12 and newer.
TraceCosts Monitored() {
  TraceCosts costs;
  costs.line = {20, 20};
  costs.far_line = {35, 35};
  costs.call = {40, 10};
  costs.leave = {30, 40};
  costs.resume = {25, 25};
  costs.suspend = {25, 25};
  costs.jump = {28, 28};
  return costs;
}

TEST(SolveCosts, FindsWhatTheTimesWereMadeOf) {
  ExpectEqual(SolveCosts({}, TimesOf(Monitored()), 1, false), Monitored());
}

TEST(SolveCosts, FindsWhatPlacesCost) {
  TraceCosts costs = Monitored();
  costs.instruction_256 = 3 * 256;
  costs.search_256 = 256 / 2;
  costs.far_line = costs.line;
  ExpectEqual(SolveCosts({}, TimesOf(costs), 1, true), costs);
}

TEST(SolveCosts, AJumpTakesBackWhatInstructionsOfShortLoopsCostLess) {
  TraceCosts costs = Monitored();
  costs.instruction_256 = 3 * 256;
  costs.search_256 = 256 / 2;
  costs.far_line = costs.line;
  costs.jump = {-4, -4};
  ExpectEqual(SolveCosts({}, TimesOf(costs), 1, true), costs);
  EXPECT_EQ(ScaleCosts(costs, 1000, 500).jump.in, -2);
}

TEST(SolveCosts, AJumpIsALineWhereNothingIsSearched) {
  TraceCosts costs = Monitored();
  costs.instruction_256 = 3 * 256;
  costs.far_line = costs.line;
  const RoundTimes times = TimesOf(costs);
  costs.jump = costs.line;
  ExpectEqual(SolveCosts({}, times, 1, true), costs);
}

TEST(SolveCosts, TakesOffWhatTheFunctionsTakeAnyhow) {
  RoundTimes plain{100, 200, 100, 100, 300, 250, 30, 0, 0};
  RoundTimes traced = TimesOf(Monitored());
  traced.lines += plain.lines;
  traced.long_lines += plain.long_lines;
  traced.far_lines += plain.far_lines;
  traced.calls += plain.calls;
  traced.resumes += plain.resumes;
  traced.jumps += plain.jumps;
  ExpectEqual(SolveCosts(plain, traced, 1, false), Monitored());
}

TEST(SolveCosts, KnowsUnits) {
  ExpectEqual(SolveCosts({}, Over(TimesOf(Monitored()), 500), 500, false), Monitored());
}

TEST(SolveCosts, ADisturbedMeasurementGivesNoNegativeCosts) {
  const RoundTimes plain{1000, 2000, 1000, 1000, 1000, 1000, 1000, 0, 0};
  const RoundTimes traced{500, 500, 500, 500, 500, 500, 500, 0, 0};
  for (const bool has_unit_costs : {false, true}) {
    ExpectEqual(SolveCosts(plain, traced, 1, has_unit_costs), TraceCosts());
  }
}

TEST(ScaleCosts, FollowsTheSpeed) {
  const TraceCosts costs = Monitored();
  ExpectEqual(ScaleCosts(costs, 1000, 1000), costs);
  EXPECT_EQ(ScaleCosts(costs, 1000, 1500).line.in, 30);
  EXPECT_EQ(ScaleCosts(costs, 1000, 500).call.out, 5);
  EXPECT_EQ(ScaleCosts(costs, 1000, 1500).far_line.out, 53);
}

TEST(ScaleCosts, AnAbsurdSpeedIsAProbeGoneWrong) {
  EXPECT_EQ(ScaleCosts(Monitored(), 1000, 1'000'000).line.in, 80);
  EXPECT_EQ(ScaleCosts(Monitored(), 1000, 1).line.in, 5);
}

TEST(TraceCosts, FarLinesHaveACostOfTheirOwn) {
  g_trace = TraceContext{};
  g_trace.costs = Monitored();
  g_trace.first_far_line = 257;
  LineCounter counters[2] = {};
  OpenFrame frame{};
  TraceThread thread{};
  thread.top = &frame;
  frame.lines = counters;
  frame.first_line = 256;
  frame.line_count = 2;
  frame.current = &counters[0];
  StartLine(&thread, 256, 100);
  EXPECT_EQ(counters[0].ticks, 100 - 20);
  EXPECT_EQ(thread.last_ticks, 100u + 20);
  StartLine(&thread, 257, 200);
  EXPECT_EQ(counters[0].ticks, 80 + 80 - 35);
  EXPECT_EQ(thread.last_ticks, 200u + 35);
}

}  // namespace
}  // namespace lineprof
