// Reports: one format, one function from a profile to bytes.
//
// A format is a plain client of the profile: it includes include/lineprof and nothing below it. It
// is deterministic: the same profile gives the same bytes. To add one, write
// reports/<name>_report.cc and add its line to reports/registry.cc.
#ifndef LINEPROF_REPORT_H_
#define LINEPROF_REPORT_H_

#include <ostream>
#include <span>
#include <string_view>

#include "lineprof/profile.h"

namespace lineprof {

// Writes `profile` to `out`. Errors of the stream are the caller's to check (out.fail() after
// flush). THREAD: any.
using ReportWriter = void (*)(const Profile& profile, std::ostream& out);

struct ReportFormat {
  std::string_view name;         // as given to --format
  std::string_view description;  // one line for --help
  ReportWriter write;
};

// Every format, by name. Static storage.
std::span<const ReportFormat> ReportFormats();

// The format of that name, or null.
const ReportFormat* FindReportFormat(std::string_view name);

}  // namespace lineprof

#endif  // LINEPROF_REPORT_H_
