// What functions cost, and who calls them: the common part of every report by function.
//
// A statistical profile knows lines and stacks; functions follow from its stacks. Own cost is that
// of the samples whose innermost frame the function is; inclusive cost that of the samples that
// have it anywhere on their stack, each once. `hits` are samples everywhere, also where a format's
// readers say "calls". Of a deterministic profile see counted_functions.h; there, own hits are
// starts of lines and inclusive hits are calls.
//
// The filters' rule is the text report's: a function of an excluded file has no own cost and no
// callees; it is there, with its inclusive cost, when an included one calls it. THREAD: any.
#ifndef LINEPROF_REPORTS_FUNCTION_TOTALS_H_
#define LINEPROF_REPORTS_FUNCTION_TOTALS_H_

#include <cstdint>
#include <vector>

#include "lineprof/profile.h"

namespace lineprof {

// All calls of one function by another, from whichever line.
struct CallerCost {
  FunctionId callee{};
  FunctionId caller{};
  Cost inclusive;
  Cost self;                     // the callee's own part of it
  uint64_t primitive_calls = 0;  // of inclusive.hits, those that are no recursion
};

struct FunctionTotal {
  bool is_shown = false;  // included, or called by one that is
  Cost self;
  Cost inclusive;
  uint64_t primitive_calls = 0;  // of inclusive.hits, those that are no recursion
};

// By FunctionId.
std::vector<FunctionTotal> AddUpFunctions(const Profile& profile);

// By function, line.
std::vector<FunctionLine> AddUpFunctionLines(const Profile& profile);

// By callee, caller.
std::vector<CallerCost> AddUpCallers(const Profile& profile);

// Whether the filters let the function's file in.
inline bool IsIncluded(const Profile& profile, FunctionId function) {
  const FileId file = profile.functions[static_cast<size_t>(function)].file;
  return !profile.files[static_cast<size_t>(file)].lines.empty();
}

// The file of a function.
inline const SourceFile& FileOf(const Profile& profile, FunctionId function) {
  const FileId file = profile.functions[static_cast<size_t>(function)].file;
  return profile.files[static_cast<size_t>(file)];
}

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_FUNCTION_TOTALS_H_
