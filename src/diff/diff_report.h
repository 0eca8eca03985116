// The comparison of two profiles as people and programs read it.
//
// Deterministic. THREAD: any.
#ifndef LINEPROF_DIFF_DIFF_REPORT_H_
#define LINEPROF_DIFF_DIFF_REPORT_H_

#include <string>

#include "diff/profile_diff.h"
#include "lineprof/profile.h"

namespace lineprof {

// What is compared, as the report names it.
struct DiffNames {
  std::string before;
  std::string after;
};

// A header of `Name: value` lines, then a table of lines and one of functions: the marked ones and,
// up to ten, the largest of the others; all with `list_all`. Errors are two standard deviations.
std::string DiffText(const ProfileDiff& diff, const DiffNames& names, bool list_all);

// One object, described in README.md; everything that was compared.
std::string DiffJson(const ProfileDiff& diff, const DiffNames& names);

}  // namespace lineprof

#endif  // LINEPROF_DIFF_DIFF_REPORT_H_
