// Reports: one format, one function from a profile to bytes.
//
// A format is a plain client of the profile: it includes include/lineprof and nothing below it. It
// is deterministic: the same profile and options give the same bytes. To add one, write
// reports/<name>_report.cc and add its line to reports/registry.cc.
#ifndef LINEPROF_REPORT_H_
#define LINEPROF_REPORT_H_

#include <cstdint>
#include <optional>
#include <ostream>
#include <span>
#include <string_view>
#include <vector>

#include "lineprof/profile.h"

namespace lineprof {

// How a report is written. All of it is for people who read text: formats that programs read ignore
// it and hold everything. As it is by default, a text report has all lines of all files with data.
struct ReportOptions {
  enum class Sort {
    kLine,  // files by time, hottest first; lines as in the source
    kTime,  // files and the lines with data of each by time, hottest first
    kHits,  // the same by hits
    kName,  // files by name; lines as in the source
  };
  enum class Column {
    kCpu,         // seconds on the CPU
    kWait,        // seconds of waiting
    kInclusive,   // seconds with all that the line calls; a sample counts once
    kConfidence,  // the half width, in seconds, of the 95 % interval of the line's time
  };
  // Only lines that have at least so many percent themselves, or a call that has.
  std::optional<double> hot_percent = std::nullopt;
  // Only lines with data (with hot_percent: those above), and so many lines before and after each.
  // Of no use when lines are sorted by time or hits.
  std::optional<uint32_t> context_lines = std::nullopt;
  Sort sort = Sort::kLine;
  bool color = false;                // of a terminal, by ANSI's escape sequences
  std::vector<Column> columns = {};  // more ones, before the source, in this order
};

// Writes `profile` to `out`. Errors of the stream are the caller's to check (out.fail() after
// flush). THREAD: any.
using ReportWriter = void (*)(const Profile& profile, const ReportOptions& options,
                              std::ostream& out);

// What a format is made of, where not every profile has it.
enum class FormatNeeds {
  kAnything,
  kStacks,    // of samples: of no use for a deterministic profile, which has none
  kCounts,    // of line starts: of no use for samples
  kTimeline,  // the order of samples, which is kept only when it is asked for
};

struct ReportFormat {
  std::string_view name;         // as given to --format
  std::string_view description;  // one line for --help
  // What the names of its files end in (".speedscope.json") or begin with ("callgrind.out.").
  std::span<const std::string_view> endings;
  std::span<const std::string_view> prefixes;
  ReportWriter write;
  FormatNeeds needs = FormatNeeds::kAnything;
};

// Every format, by name. Static storage.
std::span<const ReportFormat> ReportFormats();

// The format of that name, or null.
const ReportFormat* FindReportFormat(std::string_view name);

// The format that the name of a file asks for: a prefix of its last part, else the longest ending.
// Null if there is none.
const ReportFormat* FindReportFormatForFile(std::string_view file_name);

}  // namespace lineprof

#endif  // LINEPROF_REPORT_H_
