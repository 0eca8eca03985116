// Every report format. A new one adds its declaration and its line here.

#include <algorithm>
#include <array>
#include <string_view>

#include "lineprof/report.h"

namespace lineprof {

void WriteCallgrindReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteChromeReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteCollapsedReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteCsvReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteFirefoxReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteFlamegraphReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteJsonReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteLinesReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteLprofReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WritePprofReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WritePstatsReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteSpeedscopeReport(const Profile& profile, const ReportOptions& options, std::ostream& out);
void WriteTextReport(const Profile& profile, const ReportOptions& options, std::ostream& out);

namespace {

constexpr std::string_view kCallgrindPrefixes[] = {"callgrind.out.", "cachegrind.out."};
constexpr std::string_view kChromeEndings[] = {".trace.json"};
constexpr std::string_view kCollapsedEndings[] = {".collapsed", ".folded"};
constexpr std::string_view kCsvEndings[] = {".csv"};
constexpr std::string_view kFirefoxEndings[] = {".gecko.json", ".profile.json"};
constexpr std::string_view kFlamegraphEndings[] = {".svg"};
constexpr std::string_view kJsonEndings[] = {".json"};
constexpr std::string_view kLinesEndings[] = {".lines"};
constexpr std::string_view kLprofEndings[] = {".lprof"};
constexpr std::string_view kPprofEndings[] = {".pb.gz", ".pprof"};
constexpr std::string_view kPstatsEndings[] = {".prof", ".pstats"};
constexpr std::string_view kSpeedscopeEndings[] = {".speedscope.json"};
constexpr std::string_view kTextEndings[] = {".txt"};

constexpr std::array kFormats = {
    ReportFormat{"callgrind",
                 "costs and calls by line, for callgrind_annotate and KCachegrind",
                 {},
                 kCallgrindPrefixes,
                 WriteCallgrindReport},
    ReportFormat{"chrome",
                 "what each thread did when, for Perfetto and chrome://tracing",
                 kChromeEndings,
                 {},
                 WriteChromeReport,
                 FormatNeeds::kTimeline},
    ReportFormat{"collapsed",
                 "stacks, one a line, for flamegraph.pl and many viewers",
                 kCollapsedEndings,
                 {},
                 WriteCollapsedReport,
                 FormatNeeds::kStacks},
    ReportFormat{"csv",
                 "lines and calls as a table, for spreadsheets and pandas",
                 kCsvEndings,
                 {},
                 WriteCsvReport},
    ReportFormat{"firefox",
                 "samples in their order, for the Firefox Profiler",
                 kFirefoxEndings,
                 {},
                 WriteFirefoxReport,
                 FormatNeeds::kTimeline},
    ReportFormat{"flamegraph",
                 "interactive flame graph, one SVG file, for any browser",
                 kFlamegraphEndings,
                 {},
                 WriteFlamegraphReport,
                 FormatNeeds::kStacks},
    ReportFormat{"json",
                 "the whole profile, for programs; see reports/JSON.md",
                 kJsonEndings,
                 {},
                 WriteJsonReport},
    ReportFormat{"lines",
                 "one record a line of source, hottest first, for grep and editors",
                 kLinesEndings,
                 {},
                 WriteLinesReport},
    ReportFormat{"lprof",
                 "counted lines as kernprof writes them, for python -m line_profiler",
                 kLprofEndings,
                 {},
                 WriteLprofReport,
                 FormatNeeds::kCounts},
    ReportFormat{"pprof",
                 "gzipped protocol buffer, for go tool pprof",
                 kPprofEndings,
                 {},
                 WritePprofReport,
                 FormatNeeds::kStacks},
    ReportFormat{"pstats",
                 "functions and callers as cProfile writes them, for pstats, snakeviz",
                 kPstatsEndings,
                 {},
                 WritePstatsReport},
    ReportFormat{"speedscope",
                 "stacks by line and by function, for speedscope.app",
                 kSpeedscopeEndings,
                 {},
                 WriteSpeedscopeReport,
                 FormatNeeds::kStacks},
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
