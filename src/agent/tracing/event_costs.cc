#include "agent/tracing/event_costs.h"

#include <algorithm>
#include <cmath>

namespace lineprof {
namespace {

// What the probe may be wrong by at most is not known; machines do not change more than this.
constexpr uint64_t kMostChange = 4;

double Positive(double value) { return std::max(value, 0.0); }

int64_t Ticks(double value) { return std::llround(Positive(value)); }

}  // namespace

TraceCosts SolveCosts(const RoundTimes& plain, const RoundTimes& traced, double unit,
                      bool counts_instructions) {
  using Contents = RoundContents;
  const double lines = traced.lines - plain.lines;
  double instruction = 0;
  if (counts_instructions) {
    const double long_lines = traced.long_lines - plain.long_lines;
    instruction =
        Positive(long_lines - lines) / (Contents::kLongInstructions - Contents::kInstructions);
  }
  const double line = Positive(lines - Contents::kInstructions * instruction) / Contents::kLines;
  const double far_line =
      Positive(traced.far_lines - plain.far_lines - Contents::kInstructions * instruction) /
      Contents::kLines;
  const double calls = traced.calls - plain.calls - Contents::kCallInstructions * instruction -
                       Contents::kCallLines * line;
  const double call_and_leave = Positive(calls / Contents::kCalls - line);
  const double call_out = std::min(Positive(traced.def_line - line / 2), call_and_leave);
  const double leave_in = std::min(
      Positive(traced.return_line - Contents::kReturnInstructions * instruction - line / 2),
      call_and_leave - call_out);
  const double unseen = call_and_leave - call_out - leave_in;
  const double resumption = traced.resumes - plain.resumes -
                            Contents::kResumeInstructions * instruction -
                            Contents::kResumeLines * line;
  const auto cost = [&](double in, double out) {
    return EventCost{Ticks(in * unit), Ticks(out * unit)};
  };
  const auto halves = [&](double whole) { return cost(whole / 2, whole / 2); };
  TraceCosts costs;
  costs.instruction_256 = Ticks(256 * instruction * unit);
  costs.line = halves(line);
  costs.far_line = counts_instructions ? costs.line : halves(std::max(far_line, line));
  costs.call = cost(unseen / 2, call_out);
  costs.leave = cost(leave_in, unseen / 2);
  costs.resume = halves(resumption / 2);
  costs.suspend = costs.resume;
  costs.jump = counts_instructions ? costs.line : halves(traced.jumps - plain.jumps);
  return costs;
}

TraceCosts ScaleCosts(const TraceCosts& costs, uint64_t then, uint64_t now) {
  now = std::clamp(now, then / kMostChange, then * kMostChange);
  const auto scale = [&](int64_t ticks) {
    return static_cast<int64_t>((static_cast<uint64_t>(ticks) * now + then / 2) / then);
  };
  const auto both = [&](const EventCost& cost) {
    return EventCost{scale(cost.in), scale(cost.out)};
  };
  TraceCosts scaled;
  scaled.line = both(costs.line);
  scaled.far_line = both(costs.far_line);
  scaled.call = both(costs.call);
  scaled.leave = both(costs.leave);
  scaled.resume = both(costs.resume);
  scaled.suspend = both(costs.suspend);
  scaled.jump = both(costs.jump);
  scaled.instruction_256 = scale(costs.instruction_256);
  return scaled;
}

}  // namespace lineprof
