// What events cost, worked out from times of functions with and without events.
//
// Every time between two events holds a part of the first one's cost (from its reading of the clock
// to the program's going on: out) and a part of the second one's (from the program's standing still
// to the clock's reading: in). Only sums of an out and an in can be seen, so one of them is free to
// be chosen: a line's halves are taken to be equal. The others follow from where they meet:
//
//   line  -> line     out(line) + in(line)      a function of lines only
//   call  -> line     out(call) + in(line)      the time on a def's line, where nothing else is
//   line  -> leave    out(line) + in(leave)     the time on a line that only returns
//   a whole call      in + out of its call, line and leave
//
// What cannot be seen of a whole call, in(call) + out(leave), is halved. Resumptions and
// suspensions are halved each (a yield's line holds both).
// THREAD: any. GIL: not needed.
#ifndef LINEPROF_AGENT_TRACING_EVENT_COSTS_H_
#define LINEPROF_AGENT_TRACING_EVENT_COSTS_H_

#include "agent/tracing/thread_trace.h"

namespace lineprof {

// Times of one round of each of calibration.cc's functions, in any unit.
struct RoundTimes {
  double lines = 0;
  double long_lines = 0;
  double far_lines = 0;
  double late_lines = 0;
  double calls = 0;
  double resumes = 0;
  double jumps = 0;
  double def_line = 0;     // of `calls`, with events: the time on the called function's def line
  double return_line = 0;  // and on its other one
};

// What one of their rounds holds. Instructions are 3.8's; later versions have one less here and
// there.
struct RoundContents {
  static constexpr double kLines = 9;  // also of the other functions of lines
  static constexpr double kInstructions = 27;
  static constexpr double kLongInstructions = 91;
  static constexpr double kCalls = 4;
  static constexpr double kCallLines = 6;  // in the caller
  static constexpr double kCallInstructions = 27;
  static constexpr double kReturnInstructions = 2;
  static constexpr double kResumeLines = 3;
  static constexpr double kResumeInstructions = 10;
  static constexpr double kJumpInstructions = 7;
  // Entries of the line table that are searched (3.8, 3.9). Late lines are so much further down.
  static constexpr double kSearched = 54;
  static constexpr double kLongSearched = 45;
  static constexpr double kCallSearched = 25;
  static constexpr double kReturnSearched = 1;
  static constexpr double kResumeSearched = 9;
  static constexpr int kLateBy = 401;
};

// `unit`: of the times, in ticks. `has_unit_costs`: where an instruction stands has a cost
// (unit_cost.h; 3.8 to 3.11).
TraceCosts SolveCosts(const RoundTimes& plain, const RoundTimes& traced, double unit,
                      bool has_unit_costs);

// `costs`, where the same work takes `now` instead of `then`.
TraceCosts ScaleCosts(const TraceCosts& costs, uint64_t then, uint64_t now);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_EVENT_COSTS_H_
