// The options that say which reports are made and of what: the same for a run, and for a recording.
//
// THREAD: any.
#ifndef LINEPROF_OPTIONS_REPORT_OPTIONS_H_
#define LINEPROF_OPTIONS_REPORT_OPTIONS_H_

#include <optional>
#include <string>
#include <string_view>

#include "options/given_options.h"
#include "options/options.h"
#include "options/values.h"

namespace lineprof {

// The ending of files that recordings are kept in, and the format's name.
inline constexpr std::string_view kArchiveEnding = ".lineprof";
inline constexpr std::string_view kArchiveFormat = "lineprof";

// -o, -f, the selection and the text report's own. Fails with one line that names the option.
Result<ReportingOptions> ParseReporting(const GivenOptions& given);

// Fails with one line that names an output whose format cannot be made of a profile of that mode.
Result<void> CheckFormats(const ReportingOptions& reporting, Mode mode);

// The first output that needs a timeline; null if none does.
const OutputOptions* FindTimelineOutput(const ReportingOptions& reporting);

SelectionOptions ParseSelection(const GivenOptions& given);

// --clock, if it is given. `target` is a Clock or may have none.
template <typename Target>
Result<void> ParseClock(const GivenOptions& given, Target& target) {
  return ParseChoice<Clock>(given, "clock", {{"wall", Clock::kWall}, {"cpu", Clock::kCpu}}, target);
}

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_REPORT_OPTIONS_H_
