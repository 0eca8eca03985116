// Which functions call each other in a circle: recursion, direct or by way of others.
//
// The strongly connected components of the graph of counted calls, by Tarjan, "Depth-first search
// and linear graph algorithms" (1972), with a stack of its own: chains of calls can be longer than
// the program's stack allows. Only deterministic profiles have counted calls. THREAD: any.
#ifndef LINEPROF_REPORTS_CALL_CYCLES_H_
#define LINEPROF_REPORTS_CALL_CYCLES_H_

#include <cstdint>
#include <vector>

#include "lineprof/profile.h"

namespace lineprof {

class CallCycles {
 public:
  explicit CallCycles(const Profile& profile);

  // The number of the function's cycle, from 0; a function that is in none has one of its own.
  uint32_t Of(FunctionId function) const { return cycle_of_[static_cast<size_t>(function)]; }
  // Of functions, by cycle.
  const std::vector<uint32_t>& sizes() const { return sizes_; }

 private:
  std::vector<uint32_t> cycle_of_;
  std::vector<uint32_t> sizes_;
};

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_CALL_CYCLES_H_
