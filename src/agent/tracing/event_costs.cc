#include "agent/tracing/event_costs.h"

#include <algorithm>

namespace lineprof {
namespace {

// What the probe may be wrong by at most is not known; machines do not change more than this.
constexpr uint64_t kMostChange = 4;

double Positive(double value) { return std::max(value, 0.0); }

// To the nearest. Not llround(): it would be all that the agent needs of libm, which then every
// child of the program had to load.
int64_t Ticks(double value) { return static_cast<int64_t>(value < 0 ? value - 0.5 : value + 0.5); }

}  // namespace

TraceCosts SolveCosts(const RoundTimes& plain, const RoundTimes& traced, double unit,
                      bool has_unit_costs) {
  using Contents = RoundContents;
  const auto extra = [&](double RoundTimes::*time) { return traced.*time - plain.*time; };
  const double lines = extra(&RoundTimes::lines);
  double search = 0;
  double instruction = 0;
  if (has_unit_costs) {
    search =
        Positive(extra(&RoundTimes::late_lines) - lines) / (Contents::kLines * Contents::kLateBy);
    const double longer = extra(&RoundTimes::long_lines) - lines -
                          (Contents::kLongSearched - Contents::kSearched) * search;
    instruction = Positive(longer) / (Contents::kLongInstructions - Contents::kInstructions);
  }
  // What is left of a time without that of instructions and searches.
  const auto events = [&](double time, double instructions, double searched) {
    return time - instructions * instruction - searched * search;
  };
  const double line =
      Positive(events(lines, Contents::kInstructions, Contents::kSearched)) / Contents::kLines;
  const double far_line = Positive(extra(&RoundTimes::far_lines)) / Contents::kLines;
  const double calls =
      events(extra(&RoundTimes::calls), Contents::kCallInstructions, Contents::kCallSearched) -
      Contents::kCallLines * line;
  const double call_and_leave = Positive(calls / Contents::kCalls - line);
  const double def_line = events(traced.def_line, 0, Contents::kReturnSearched);
  const double call_out = std::min(Positive(def_line - line / 2), call_and_leave);
  const double return_line = events(traced.return_line, Contents::kReturnInstructions, 0);
  const double leave_in = std::min(Positive(return_line - line / 2), call_and_leave - call_out);
  const double unseen = call_and_leave - call_out - leave_in;
  const double resumption = events(extra(&RoundTimes::resumes), Contents::kResumeInstructions,
                                   Contents::kResumeSearched) -
                            Contents::kResumeLines * line;
  const double jump = events(Positive(extra(&RoundTimes::jumps)), Contents::kJumpInstructions, 0);
  const auto cost = [&](double in, double out) {
    return EventCost{Ticks(in * unit), Ticks(out * unit)};
  };
  const auto halves = [&](double whole) { return cost(whole / 2, whole / 2); };
  TraceCosts costs;
  costs.instruction_256 = Ticks(256 * instruction * unit);
  costs.search_256 = Ticks(256 * search * unit);
  costs.line = halves(line);
  costs.far_line = has_unit_costs ? costs.line : halves(std::max(far_line, line));
  costs.call = cost(unseen / 2, call_out);
  costs.leave = cost(leave_in, unseen / 2);
  costs.resume = halves(Positive(resumption) / 2);
  costs.suspend = costs.resume;
  // Instructions cost less in short loops than in long lines: what is too much of theirs is taken
  // back with the jump, whose cost may be negative for that. 3.10 and 3.11 look the line up at each
  // instruction: for a jump as much as for another line.
  costs.jump = has_unit_costs && search == 0 ? costs.line : halves(jump);
  return costs;
}

TraceCosts ScaleCosts(const TraceCosts& costs, uint64_t then, uint64_t now) {
  now = std::clamp(now, then / kMostChange, then * kMostChange);
  const double ratio = static_cast<double>(now) / static_cast<double>(then);
  const auto scale = [&](int64_t ticks) { return Ticks(static_cast<double>(ticks) * ratio); };
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
  scaled.search_256 = scale(costs.search_256);
  return scaled;
}

}  // namespace lineprof
