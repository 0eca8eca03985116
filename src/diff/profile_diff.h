// The comparison of two profiles as data: each line, each function and the whole, before and after.
//
// Passive data, built once. THREAD: any, while nobody writes.
#ifndef LINEPROF_DIFF_PROFILE_DIFF_H_
#define LINEPROF_DIFF_PROFILE_DIFF_H_

#include <optional>
#include <string>
#include <vector>

#include "diff/significance.h"
#include "lineprof/profile.h"

namespace lineprof {

struct DiffEntry {
  std::string file;
  std::string function;      // qualified
  std::string text;          // of the line, as it is after if it is there; empty of a function
  uint32_t before_line = 0;  // of a function its first; 0: it has no time before
  uint32_t after_line = 0;
  Measure before;
  Measure after;
  Difference difference;

  // How many percent slower than expected; nothing for what is new.
  std::optional<double> Percent() const;
};

struct ProfileDiff {
  Clock clock = Clock::kCpu;
  Whole whole;  // all processes
  Difference total;
  Drift drift;
  // Marked ones first, then by the size of the difference.
  std::vector<DiffEntry> lines;
  std::vector<DiffEntry> functions;  // own time: without the functions they call
};

// A profile, and the number of runs that it adds up.
struct DiffSide {
  const Profile& profile;
  size_t runs = 1;
};

// REQUIRES: both of one clock.
ProfileDiff CompareProfiles(const DiffSide& before_side, const DiffSide& after_side);

// Whether something that is marked got slower by more than that: a line or function that was there
// before, or the whole.
bool IsSlower(const ProfileDiff& diff, double percent);

}  // namespace lineprof

#endif  // LINEPROF_DIFF_PROFILE_DIFF_H_
