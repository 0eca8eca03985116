// Every report format. A new one adds its declaration and its line here.

#include <algorithm>
#include <array>
#include <string_view>

#include "lineprof/report.h"

namespace lineprof {

void WriteTextReport(const Profile& profile, const ReportOptions& options, std::ostream& out);

namespace {

constexpr std::string_view kTextEndings[] = {".txt"};

constexpr std::array kFormats = {
    ReportFormat{"text",
                 "annotated source with hits, times and calls, for reading and grep",
                 kTextEndings,
                 {},
                 WriteTextReport},
};

}  // namespace

std::span<const ReportFormat> ReportFormats() { return kFormats; }

const ReportFormat* FindReportFormat(std::string_view name) {
  auto found = std::find_if(kFormats.begin(), kFormats.end(),
                            [name](const ReportFormat& format) { return format.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

const ReportFormat* FindReportFormatForFile(std::string_view file_name) {
  const std::string_view name = file_name.substr(file_name.rfind('/') + 1);
  const ReportFormat* found = nullptr;
  size_t longest = 0;
  for (const ReportFormat& format : kFormats) {
    for (std::string_view prefix : format.prefixes) {
      if (name.starts_with(prefix)) return &format;
    }
    for (std::string_view ending : format.endings) {
      if (!name.ends_with(ending) || ending.size() <= longest) continue;
      longest = ending.size();
      found = &format;
    }
  }
  return found;
}

}  // namespace lineprof
