// Every report format. A new one adds its declaration and its line here.

#include <algorithm>
#include <array>

#include "lineprof/report.h"

namespace lineprof {

void WriteTextReport(const Profile& profile, std::ostream& out);

namespace {

constexpr std::array kFormats = {
    ReportFormat{"text", "annotated source with hits, times and calls, for reading and grep",
                 WriteTextReport},
};

}  // namespace

std::span<const ReportFormat> ReportFormats() { return kFormats; }

const ReportFormat* FindReportFormat(std::string_view name) {
  auto found = std::find_if(kFormats.begin(), kFormats.end(),
                            [name](const ReportFormat& format) { return format.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace lineprof
