#include "options/report_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "options/output_name.h"

namespace lineprof {
namespace {

// Of names: no format has it, but one will.
constexpr std::string_view kReservedEnding = ".html";

Result<const ReportFormat*> ParseFormat(const std::string& name) {
  if (name == kArchiveFormat) return static_cast<const ReportFormat*>(nullptr);
  const ReportFormat* format = FindReportFormat(name);
  if (format != nullptr) return format;
  std::string names;
  for (const ReportFormat& each : ReportFormats()) {
    names += (names.empty() ? "" : ", ") + std::string(each.name);
  }
  return Error{"--format '" + name + "': unknown; there is " + names};
}

// Whether the name of a file asks for a format, by its ending or beginning.
bool AsksForFormat(const std::string& name) {
  return name.ends_with(kArchiveEnding) || FindReportFormatForFile(name) != nullptr;
}

// The format that the name asks for; text if it asks for none. Null: a recording.
const ReportFormat* FormatOfName(const std::string& name) {
  if (name.ends_with(kArchiveEnding)) return nullptr;
  const ReportFormat* format = FindReportFormatForFile(name);
  return format == nullptr ? FindReportFormat("text") : format;
}

// Adds the process's id to the name of a file, before the ending that asks for its format.
void NameByProcess(OutputOptions& output) {
  if (output.name == "-" || output.name == "/dev/stdout") return;
  size_t ending = 0;
  if (output.format == nullptr && output.name.ends_with(kArchiveEnding)) {
    ending = kArchiveEnding.size();
  } else if (output.format != nullptr) {
    for (const std::string_view each : output.format->endings) {
      if (output.name.ends_with(each)) ending = std::max(ending, each.size());
    }
  }
  output.name.insert(output.name.size() - ending, "-%p");
}

// Gives all outputs the format of -f.
Result<void> ApplyFormat(const std::string& name, std::vector<OutputOptions>& outputs) {
  const Result<const ReportFormat*> format = ParseFormat(name);
  if (!format.ok()) return Error{format.error()};
  const OutputOptions* first = nullptr;
  for (OutputOptions& output : outputs) {
    if (!AsksForFormat(output.name)) continue;
    if (first == nullptr) first = &output;
    if (output.format != first->format) {
      return Error{fmt::format("--format {}: --out {} and --out {} ask for different formats", name,
                               first->name, output.name)};
    }
    if (output.format == nullptr && format.value() != nullptr) {
      return Error{fmt::format("--format {}: --out {} is a recording", name, output.name)};
    }
  }
  for (OutputOptions& output : outputs) output.format = format.value();
  return {};
}

Result<std::vector<OutputOptions>> ParseOutputs(const GivenOptions& given) {
  std::vector<OutputOptions> outputs;
  Strings names = given.Texts("out");
  if (names.empty()) names = {"-"};
  for (const std::string& name : names) {
    const Result<void> is_name = CheckOutputName(name);
    if (!is_name.ok()) return Error{is_name.error()};
    if (name.ends_with(kReservedEnding) && !given.Has("format")) {
      return Error{
          fmt::format("--out {}: {} is reserved for a format to come; -f says which one "
                      "is meant",
                      name, kReservedEnding)};
    }
    outputs.push_back({name, FormatOfName(name)});
  }
  if (given.Has("format")) {
    const Result<void> applied = ApplyFormat(given.Text("format"), outputs);
    if (!applied.ok()) return Error{applied.error()};
  }
  for (OutputOptions& output : outputs) {
    if (given.Has("per-process") && !HasNameCode(output.name, 'p')) NameByProcess(output);
    output.per_process = given.Has("per-process") || HasNameCode(output.name, 'p');
  }
  return outputs;
}

Result<std::vector<ReportOptions::Column>> ParseColumns(const GivenOptions& given) {
  using Column = ReportOptions::Column;
  std::vector<Column> columns;
  if (!given.Has("columns")) return columns;
  std::string_view rest = given.Text("columns");
  while (true) {
    const size_t end = std::min(rest.find(','), rest.size());
    const Result<Column> column = FindChoice<Column>("columns", std::string(rest.substr(0, end)),
                                                     {{"cpu", Column::kCpu},
                                                      {"wait", Column::kWait},
                                                      {"inclusive", Column::kInclusive},
                                                      {"confidence", Column::kConfidence}});
    if (!column.ok()) return Error{column.error()};
    if (std::find(columns.begin(), columns.end(), column.value()) != columns.end()) {
      return Error{fmt::format("--columns: {} is given twice", rest.substr(0, end))};
    }
    columns.push_back(column.value());
    if (end == rest.size()) return columns;
    rest.remove_prefix(end + 1);
  }
}

// What only the text report heeds.
Result<ReportOptions> ParseReport(const GivenOptions& given) {
  using Sort = ReportOptions::Sort;
  ReportOptions report;
  const Result<std::optional<double>> hot = ParsePercent(given, "hot");
  if (!hot.ok()) return Error{hot.error()};
  report.hot_percent = hot.value();
  if (given.Has("context")) {
    const std::optional<int> lines = ParseInt(given.Text("context"));
    if (!lines || *lines < 0) {
      return Error{"--context '" + given.Text("context") + "': must be a number of lines"};
    }
    report.context_lines = static_cast<uint32_t>(*lines);
  }
  const Result<void> sort = ParseChoice<Sort>(
      given, "sort",
      {{"line", Sort::kLine}, {"time", Sort::kTime}, {"hits", Sort::kHits}, {"name", Sort::kName}},
      report.sort);
  if (!sort.ok()) return Error{sort.error()};
  Result<std::vector<ReportOptions::Column>> columns = ParseColumns(given);
  if (!columns.ok()) return Error{columns.error()};
  report.columns = std::move(columns).value();
  return report;
}

// Only text can hold several reports.
Result<void> CheckPerThread(const ReportingOptions& reporting) {
  for (const OutputOptions& output : reporting.outputs) {
    if (!reporting.per_thread || output.format == nullptr || output.format->name == "text") {
      continue;
    }
    return Error{fmt::format("--per-thread is for text reports and recordings; --out {} is {}",
                             output.name, output.format->name)};
  }
  return {};
}

}  // namespace

SelectionOptions ParseSelection(const GivenOptions& given) {
  return {given.Texts("include"), given.Texts("exclude"), given.Has("exclude-syspath"),
          given.Texts("fold"), given.Texts("root")};
}

Result<ReportingOptions> ParseReporting(const GivenOptions& given) {
  ReportingOptions reporting;
  Result<std::vector<OutputOptions>> outputs = ParseOutputs(given);
  if (!outputs.ok()) return Error{outputs.error()};
  Result<ReportOptions> report = ParseReport(given);
  if (!report.ok()) return Error{report.error()};
  const Result<void> color = ParseChoice<ColorMode>(
      given, "color",
      {{"auto", ColorMode::kAuto}, {"always", ColorMode::kAlways}, {"never", ColorMode::kNever}},
      reporting.color);
  if (!color.ok()) return Error{color.error()};
  reporting.outputs = std::move(outputs).value();
  reporting.report = std::move(report).value();
  reporting.selection = ParseSelection(given);
  reporting.per_thread = given.Has("per-thread");
  const Result<void> has_threads = CheckPerThread(reporting);
  if (!has_threads.ok()) return Error{has_threads.error()};
  return reporting;
}

const OutputOptions* FindTimelineOutput(const ReportingOptions& reporting) {
  for (const OutputOptions& output : reporting.outputs) {
    const bool needs_it =
        output.format != nullptr && output.format->needs == FormatNeeds::kTimeline;
    if (needs_it) return &output;
  }
  return nullptr;
}

Result<void> CheckFormats(const ReportingOptions& reporting, Mode mode) {
  const bool is_sampled = mode == Mode::kStatistical;
  for (const OutputOptions& output : reporting.outputs) {
    if (output.format == nullptr) continue;
    const std::string what = fmt::format("{}: {}", output.name, output.format->name);
    switch (output.format->needs) {
      case FormatNeeds::kAnything:
        break;
      case FormatNeeds::kStacks:
        if (!is_sampled) return Error{what + " needs the stacks of samples (-s SECONDS or -r HZ)"};
        break;
      case FormatNeeds::kTimeline:
        if (!is_sampled) return Error{what + " needs the times of samples (-s SECONDS or -r HZ)"};
        break;
      case FormatNeeds::kCounts:
        if (is_sampled) return Error{what + " holds counts, and samples are none (no -s or -r)"};
        break;
    }
  }
  return {};
}

}  // namespace lineprof
