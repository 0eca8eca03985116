#include "options/top_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "options/attach_options.h"
#include "options/report_options.h"
#include "options/run_options.h"
#include "options/values.h"

namespace lineprof {
namespace {

constexpr double kMinInterval = 0.1;
constexpr double kMaxInterval = 3600;
constexpr int kMaxRows = 1'000'000;

bool IsNumber(const std::string& word) {
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A process's id, or what to run.
Result<void> ParseTarget(const GivenOptions& given, const Strings& words, TopOptions& options) {
  if (words.empty()) return Error{"top: no PID and no program to watch; see lineprof top --help"};
  if (!IsNumber(words[0])) {
    Result<ProgramRequest> program = ParseProgram(words);
    if (!program.ok()) return Error{program.error()};
    options.program = std::move(program).value();
    if (given.Has("python")) options.program.python = given.Text("python");
    if (given.Has("children")) return Error{"--children: of a program they are shown anyway"};
    return {};
  }
  if (words.size() > 1) {
    return Error{fmt::format("top {}: a PID stands alone; a script of that name is ./{}", words[0],
                             words[0])};
  }
  if (given.Has("python")) return Error{"--python: process " + words[0] + " runs already"};
  const Result<pid_t> pid = ParsePid(words[0]);
  if (!pid.ok()) return Error{pid.error()};
  options.pid = pid.value();
  options.with_children = given.Has("children");
  return {};
}

Result<void> ParseSort(const GivenOptions& given, TopOptions& options) {
  const Result<void> sort = ParseChoice<size_t>(
      given, "sort", {{"cpu", 0}, {"wait", 1}, {"total", 2}}, options.sort_column);
  if (!sort.ok()) return sort;
  const bool has_total =
      options.subject == Subject::kLines || options.subject == Subject::kFunctions;
  if (has_total || options.sort_column < 2) return {};
  return Error{"--sort total: lines and functions have one, threads and processes have not"};
}

Result<void> ParseView(const GivenOptions& given, TopOptions& options) {
  const Result<void> subject = ParseChoice<Subject>(given, "by",
                                                    {{"line", Subject::kLines},
                                                     {"function", Subject::kFunctions},
                                                     {"thread", Subject::kThreads},
                                                     {"process", Subject::kProcesses}},
                                                    options.subject);
  if (!subject.ok()) return subject;
  if (given.Has("interval")) {
    const std::optional<double> interval = ParseDouble(given.Text("interval"));
    if (!interval || *interval < kMinInterval || *interval > kMaxInterval) {
      return Error{"--interval '" + given.Text("interval") + "': must be from 0.1 to 3600 seconds"};
    }
    options.interval_s = *interval;
  }
  if (given.Has("rows")) {
    const std::optional<int> rows = ParseInt(given.Text("rows"));
    if (!rows || *rows < 1 || *rows > kMaxRows) {
      return Error{"--rows '" + given.Text("rows") + "': must be from 1 to 1000000"};
    }
    options.rows = static_cast<size_t>(*rows);
  }
  return ParseSort(given, options);
}

}  // namespace

Result<CommandLine> ParseTop(const Strings& words) {
  const auto split =
      words.begin() + static_cast<std::ptrdiff_t>(CountOwnWords(words, CommandId::kTop));
  const Result<GivenOptions> given =
      GivenOptions::Parse(Strings(words.begin(), split), CommandId::kTop);
  if (!given.ok()) return Error{given.error()};
  if (given.value().Has("help")) {
    return CommandLine(PrintRequest{PrintRequest::What::kHelp, CommandId::kTop, ""});
  }
  TopOptions options;
  const Result<uint64_t> period = ParsePeriod(given.value());
  if (!period.ok()) return Error{period.error()};
  if (period.value() != 0) options.period_ns = period.value();
  const Result<void> view = ParseView(given.value(), options);
  if (!view.ok()) return Error{view.error()};
  const Result<void> target = ParseTarget(given.value(), Strings(split, words.end()), options);
  if (!target.ok()) return Error{target.error()};
  options.selection = ParseSelection(given.value());
  return CommandLine(std::move(options));
}

}  // namespace lineprof
