// Which line of one profile is which line of another, by what is written there rather than by its
// number.
//
// README.md says how. THREAD: any.
#ifndef LINEPROF_DIFF_LINE_MATCH_H_
#define LINEPROF_DIFF_LINE_MATCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lineprof/profile.h"

namespace lineprof {

// A line of a function with its own time.
struct SampledLine {
  std::string file;
  std::string function;  // qualified
  uint32_t line = 0;
  std::string text;      // without indentation; "line 7" where the source is not known
  std::string previous;  // the nearest lines that are not blank
  std::string next;
  Cost self;
};

// The lines of the reported files, by file, function and line.
std::vector<SampledLine> SampledLines(const Profile& profile);

struct LinePair {
  std::optional<size_t> before;  // indices; not both are missing
  std::optional<size_t> after;
};

// Every line of both, once.
std::vector<LinePair> MatchLines(const std::vector<SampledLine>& before,
                                 const std::vector<SampledLine>& after);

}  // namespace lineprof

#endif  // LINEPROF_DIFF_LINE_MATCH_H_
