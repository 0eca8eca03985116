// What functions cost in a deterministic profile, which knows lines and calls from line to
// function, but no stacks.
//
// The idea: while a function runs, either its own line is on top, or one of its calls is going on;
// so its inclusive time is its lines' plus its calls'. In recursion calls overlap: there the cycle
// of functions that call each other takes the place of the function, with the calls that leave it.
// For a function that calls itself this is exact. For one of several that call each other it is a
// bound, and so is the sum of the calls of it: the less of both is taken.
//
// Calls are counted. A function that nothing counted has called (a module, a thread's first) has
// one. Primitive calls are those from outside the function's cycle. A caller's part of the callee's
// own time is not known: it is taken to be in proportion to the calls, as gprof does.
#ifndef LINEPROF_REPORTS_COUNTED_FUNCTIONS_H_
#define LINEPROF_REPORTS_COUNTED_FUNCTIONS_H_

#include <vector>

#include "function_totals.h"
#include "lineprof/profile.h"

namespace lineprof {

// AddUpFunctions, AddUpCallers and AddUpFunctionLines for a deterministic profile. THREAD: any.
std::vector<FunctionTotal> AddUpCountedFunctions(const Profile& profile);
std::vector<CallerCost> AddUpCountedCallers(const Profile& profile);
std::vector<FunctionLine> IncludedCounts(const Profile& profile);

// What the line, of a function with that total, cost with all that it calls: its own cost and its
// calls', which in recursion overlap, so at most what the function cost. Hits are the line's own.
Cost InclusiveOf(const FunctionLine& line, const FunctionTotal& function);

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_COUNTED_FUNCTIONS_H_
