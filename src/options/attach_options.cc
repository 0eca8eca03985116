#include "options/attach_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "options/report_options.h"
#include "options/run_options.h"
#include "options/values.h"

namespace lineprof {
namespace {

constexpr uint64_t kDefaultPeriodNs = 1'000'000;

}  // namespace

Result<pid_t> ParsePid(const std::string& text) {
  const std::optional<int> pid = ParseInt(text);
  if (pid && *pid > 0) return static_cast<pid_t>(*pid);
  return Error{"'" + text + "' is no process id: a number above 0"};
}

Result<CommandLine> ParseAttach(const GivenOptions& given, const Strings& pids) {
  AttachOptions options;
  if (pids.empty()) return Error{"attach: no process to look at: lineprof attach PID..."};
  for (const std::string& text : pids) {
    const Result<pid_t> pid = ParsePid(text);
    if (!pid.ok()) return Error{pid.error()};
    const bool is_new =
        std::find(options.pids.begin(), options.pids.end(), pid.value()) == options.pids.end();
    if (is_new) options.pids.push_back(pid.value());
  }
  Result<ReportingOptions> reporting = ParseReporting(given);
  const Result<uint64_t> period = ParsePeriod(given);
  const Result<std::optional<double>> duration = ParseSeconds(given, "duration");
  const Result<void> steps[] = {
      ParseClock(given, options.clock),
      ParseChoice<bool>(given, "threads", {{"0", true}, {"1", false}}, options.main_thread_only),
      reporting.ok() ? Result<void>() : Error{reporting.error()},
      period.ok() ? Result<void>() : Error{period.error()},
      duration.ok() ? Result<void>() : Error{duration.error()},
  };
  for (const Result<void>& step : steps) {
    if (!step.ok()) return Error{step.error()};
  }
  const Result<void> formats = CheckFormats(reporting.value(), Mode::kStatistical);
  if (!formats.ok()) return Error{formats.error()};
  if (const OutputOptions* timeline = FindTimelineOutput(reporting.value())) {
    return Error{fmt::format(
        "{}: {} needs the order of samples, which is kept only of programs that lineprof starts",
        timeline->name, timeline->format->name)};
  }
  options.reporting = std::move(reporting).value();
  options.period_ns = period.value() != 0 ? period.value() : kDefaultPeriodNs;
  options.duration_s = duration.value();
  options.with_children = given.Has("children");
  options.verbose = given.Has("verbose");
  options.quiet = given.Has("quiet");
  return CommandLine(std::move(options));
}

Result<CommandLine> ParseDump(const GivenOptions& given) {
  DumpOptions options;
  if (given.files().size() != 1) return Error{"dump takes one process: lineprof dump PID"};
  const Result<pid_t> pid = ParsePid(given.files()[0]);
  if (!pid.ok()) return Error{pid.error()};
  const Result<std::optional<double>> watch = ParseSeconds(given, "watch");
  if (!watch.ok()) return Error{watch.error()};
  options.pid = pid.value();
  options.with_locals = given.Has("locals");
  options.json = given.Has("json");
  options.watch_s = watch.value();
  return CommandLine(options);
}

}  // namespace lineprof
