// The text report: pprofile's annotated source, which people grep. One record a line, UTF-8:
//
//   report = { header } { file } ;
//   header = name ": " value ;
//   file   = "File: " name, "File duration: " seconds "s (" percent "%)", [ "File note: " text ],
//            column titles, rule, { [ gap ] line { call } } ;
//   line   = number "|" hits "|" seconds "|" seconds per hit "|" percent "%|" { seconds "|" }
//            source text ;
//   call   = "(call)|" hits "|" seconds "|" seconds per hit "|" percent "%|" { seconds "|" }
//            "# " file ":" line " " name ;
//   gap    = "..." ;
//
// Numbers are right-aligned in columns of fixed width and grow beyond them when they must; %g is
// C's. A line's own time comes without the Python functions it calls; a call's is inclusive. The
// seconds before the text are the columns that the options add; a gap stands where they leave lines
// out; colors are escape sequences at the begin and end of a line.

#include <fmt/compile.h>
#include <fmt/format.h>

#include <cmath>
#include <string>
#include <string_view>

#include "annotate.h"
#include "buffered_output.h"
#include "line_inclusive.h"
#include "lineprof/one_line.h"
#include "lineprof/report.h"
#include "text_header.h"
#include "text_selection.h"

namespace lineprof {

namespace {

constexpr double kNsPerSecond = 1e9;

constexpr std::string_view kTitles = "Line #|      Hits|         Time| Time per hit|      %|";
constexpr std::string_view kRule = "------+----------+-------------+-------------+-------+";
constexpr std::string_view kColumnRule = "-------------+";

// What stands between the line number and the text of a line that nothing was seen on. Most lines
// of most files are such lines.
constexpr std::string_view kNothingSeen = "|         0|            0|            0|  0.00%|";
constexpr std::string_view kNothingInColumn = "            0|";

using Column = ReportOptions::Column;

std::string_view Title(Column column) {
  switch (column) {
    case Column::kCpu:
      return "          CPU|";
    case Column::kWait:
      return "         Wait|";
    case Column::kInclusive:
      return "    Inclusive|";
    case Column::kConfidence:
      return "   Confidence|";
  }
  return "";
}

// A sum of n samples' times is off by its n-th root's share, as a count is (Poisson); 95 % of all
// sums are within 1.96 of that.
double ConfidenceSeconds(double seconds, uint64_t hits) {
  constexpr double kNormal95 = 1.96;
  return hits > 0 ? kNormal95 * seconds / std::sqrt(static_cast<double>(hits)) : 0;
}

constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kReset = "\x1b[0m";
constexpr double kHotPercent = 10;
constexpr double kWarmPercent = 1;

class TextReport {
 public:
  TextReport(const Profile& profile, const ReportOptions& options, std::ostream& out)
      : profile_(profile), options_(options), out_(out) {
    for (Column column : options.columns) {
      if (column == Column::kInclusive) inclusive_ = AddUpInclusiveLines(profile);
    }
  }

  void Write() {
    WriteTextHeader(profile_, out_);
    for (const SourceFile* file : SelectFiles(profile_, options_)) WriteFile(*file);
  }

 private:
  double Percent(double seconds) const {
    return profile_.duration_s > 0 ? 100 * seconds / profile_.duration_s : 0;
  }

  double Seconds(const Cost& cost) const {
    return static_cast<double>(TimeNs(cost, profile_.clock)) / kNsPerSecond;
  }

  void WriteFile(const SourceFile& file) {
    const std::vector<SelectedLine> lines = SelectLines(profile_, file, options_);
    if (lines.empty()) return;
    const double seconds = Seconds(SelfCost(file));
    BeginColor(kBold);
    out_.Print(FMT_COMPILE("File: {}"), OneLine(file.name));
    EndLine(kBold);
    out_.Print(FMT_COMPILE("File duration: {:g}s ({:.2f}%)\n"), seconds, Percent(seconds));
    if (!file.source.note.empty()) {
      out_.Print(FMT_COMPILE("File note: {}\n"), OneLine(file.source.note));
    }
    out_.Append(kTitles);
    for (Column column : options_.columns) out_.Append(Title(column));
    out_.Append("Source code\n");
    out_.Append(kRule);
    for (size_t i = 0; i < options_.columns.size(); i++) out_.Append(kColumnRule);
    out_.Append("-----------\n");
    for (const SelectedLine& selected : lines) {
      if (selected.follows_gap) out_.Append("...\n");
      WriteLine(file, selected.line);
    }
  }

  void WriteLine(const SourceFile& file, const AnnotatedLine& line) {
    const std::string_view color = line.cost == nullptr ? "" : ColorOf(line.cost->self);
    BeginColor(color);
    out_.Print(FMT_COMPILE("{:6}"), line.number);
    if (line.cost != nullptr) {
      WriteCost(line.cost->self);
      WriteColumns(line.cost->self, Inclusive(file, line.number));
    } else {
      out_.Append(kNothingSeen);
      for (size_t i = 0; i < options_.columns.size(); i++) out_.Append(kNothingInColumn);
    }
    out_.Append(line.text);
    EndLine(color);
    if (line.cost == nullptr) return;
    for (const CallCost& call : line.cost->calls) WriteCall(call);
  }

  void WriteCall(const CallCost& call) {
    const Function& callee = profile_.functions[static_cast<size_t>(call.callee)];
    const SourceFile& file = profile_.files[static_cast<size_t>(callee.file)];
    BeginColor(kDim);
    out_.Append("(call)");
    WriteCost(call.inclusive);
    WriteColumns(call.inclusive, call.inclusive);
    out_.Print(FMT_COMPILE("# {}:{} {}"), OneLine(file.name), callee.first_line,
               OneLine(callee.name));
    EndLine(kDim);
  }

  void WriteCost(const Cost& cost) {
    double seconds = Seconds(cost);
    double per_hit = cost.hits > 0 ? seconds / static_cast<double>(cost.hits) : 0;
    out_.Print(FMT_COMPILE("|{:10}|{:13g}|{:13g}|{:6.2f}%|"), cost.hits, seconds, per_hit,
               Percent(seconds));
  }

  void WriteColumns(const Cost& cost, const Cost& inclusive) {
    for (Column column : options_.columns) {
      out_.Print(FMT_COMPILE("{:13g}|"), ColumnSeconds(column, cost, inclusive));
    }
  }

  double ColumnSeconds(Column column, const Cost& cost, const Cost& inclusive) const {
    switch (column) {
      case Column::kCpu:
        return static_cast<double>(cost.cpu_ns) / kNsPerSecond;
      case Column::kWait:
        return static_cast<double>(cost.wait_ns) / kNsPerSecond;
      case Column::kInclusive:
        return Seconds(inclusive);
      case Column::kConfidence:
        return ConfidenceSeconds(Seconds(cost), cost.hits);
    }
    return 0;
  }

  // Empty where it is not asked for.
  Cost Inclusive(const SourceFile& file, uint32_t line) const {
    if (inclusive_.empty()) return {};
    const auto& lines = inclusive_[static_cast<size_t>(&file - profile_.files.data())];
    const auto found = lines.find(line);
    return found == lines.end() ? Cost{} : found->second;
  }

  std::string_view ColorOf(const Cost& cost) const {
    const double percent = Percent(Seconds(cost));
    if (percent >= kHotPercent) return kRed;
    return percent >= kWarmPercent ? kYellow : "";
  }
  void BeginColor(std::string_view color) {
    if (options_.color) out_.Append(color);
  }
  void EndLine(std::string_view color) {
    if (options_.color && !color.empty()) out_.Append(kReset);
    out_.Append('\n');
  }

  const Profile& profile_;
  const ReportOptions& options_;
  BufferedOutput out_;
  InclusiveLines inclusive_;  // only if a column needs it
};

}  // namespace

void WriteTextReport(const Profile& profile, const ReportOptions& options, std::ostream& out) {
  TextReport(profile, options, out).Write();
}

}  // namespace lineprof
