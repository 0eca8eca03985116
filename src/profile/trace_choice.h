// Which code deterministic mode counts: the report's filters on files, and --only on functions.
//
// The same rules as the report's (profile_builder.h), asked while the program runs, so that what
// the report would leave out costs the program nothing. THREAD: any (reads only).
#ifndef LINEPROF_PROFILE_TRACE_CHOICE_H_
#define LINEPROF_PROFILE_TRACE_CHOICE_H_

#include <memory>
#include <string>
#include <vector>

#include "lineprof/result.h"
#include "profile/filter.h"
#include "recording/choice_channel.h"

namespace lineprof {

class TraceChoice {
 public:
  // `only`: RE2 searches on qualified names; empty: all functions. Fails with one line.
  static Result<TraceChoice> Create(const std::vector<std::string>& only, bool exclude_library,
                                    std::string current_directory);
  ~TraceChoice();
  TraceChoice(TraceChoice&&) noexcept;

  bool IsCounted(const Filter& filter, const ChoiceQuestion& question) const;

 private:
  TraceChoice();
  std::vector<std::unique_ptr<re2::RE2>> only_;
  bool exclude_library_ = false;
  std::string current_directory_;
};

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_TRACE_CHOICE_H_
