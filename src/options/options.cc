#include "options/options.h"

#include "options/attach_options.h"
#include "options/given_options.h"
#include "options/report_options.h"
#include "options/run_options.h"
#include "options/top_options.h"
#include "options/values.h"

namespace lineprof {
namespace {

// A command's file or files, `count` of them.
Result<Strings> TakeFiles(const GivenOptions& given, CommandId command, size_t count) {
  if (given.files().size() == count) return given.files();
  const CommandSpec& spec = FindCommand(command);
  return Error{fmt::format("{} takes {} file{}: lineprof {}", spec.name, count,
                           count == 1 ? "" : "s", spec.synopses[0])};
}

Result<CommandLine> ParseReport(const GivenOptions& given) {
  ReportCommandOptions options;
  const Result<Strings> files = TakeFiles(given, CommandId::kReport, 1);
  if (!files.ok()) return Error{files.error()};
  options.file = files.value()[0];
  Result<ReportingOptions> reporting = ParseReporting(given);
  if (!reporting.ok()) return Error{reporting.error()};
  options.reporting = std::move(reporting).value();
  for (const OutputOptions& output : options.reporting.outputs) {
    if (output.format != nullptr) continue;
    return Error{"--out " + output.name +
                 ": a report cannot be a recording; lineprof merge writes one"};
  }
  const Result<void> clock = ParseClock(given, options.clock);
  if (!clock.ok()) return Error{clock.error()};
  return CommandLine(std::move(options));
}

Result<CommandLine> ParseMerge(const GivenOptions& given) {
  if (given.files().empty()) return Error{"merge: no recordings to merge"};
  if (!given.Has("out")) return Error{"merge: no --out to write"};
  return CommandLine(MergeOptions{given.files(), given.Text("out")});
}

Result<CommandLine> ParseDiff(const GivenOptions& given) {
  DiffOptions options;
  const Result<Strings> files = TakeFiles(given, CommandId::kDiff, 2);
  if (!files.ok()) return Error{files.error()};
  options.before = files.value()[0];
  options.after = files.value()[1];
  options.selection = ParseSelection(given);
  const Result<std::optional<double>> fail_above = ParsePercent(given, "fail-above");
  const Result<void> steps[] = {
      ParseClock(given, options.clock),
      ParseChoice<bool>(given, "format", {{"text", false}, {"json", true}}, options.json),
      fail_above.ok() ? Result<void>() : Error{fail_above.error()},
  };
  for (const Result<void>& step : steps) {
    if (!step.ok()) return Error{step.error()};
  }
  if (given.Has("out")) options.output = given.Text("out");
  if (!given.Has("format")) options.json = options.output.ends_with(".json");
  options.list_all = given.Has("all");
  options.fail_above_percent = fail_above.value();
  return CommandLine(std::move(options));
}

Result<CommandLine> ParseInfo(const GivenOptions& given) {
  const Result<Strings> files = TakeFiles(given, CommandId::kInfo, 1);
  if (!files.ok()) return Error{files.error()};
  return CommandLine(InfoOptions{files.value()[0]});
}

Result<CommandLine> ParseCtl(const GivenOptions& given) {
  using Action = CtlOptions::Action;
  CtlOptions options;
  const std::string usage = fmt::format("lineprof {}", FindCommand(CommandId::kCtl).synopses[0]);
  if (given.files().size() != 2) return Error{"ctl takes a process and what to do: " + usage};
  const std::optional<int> pid = ParseInt(given.files()[0]);
  if (!pid || *pid <= 0) return Error{"ctl '" + given.files()[0] + "': no id of a process"};
  options.pid = *pid;
  const std::string& action = given.files()[1];
  if (action == "start" || action == "stop") {
    options.action = action == "start" ? Action::kStart : Action::kStop;
    return CommandLine(std::move(options));
  }
  if (action != "snapshot") {
    return Error{"ctl '" + action + "': must be start, stop or snapshot"};
  }
  options.action = Action::kSnapshot;
  Result<ReportingOptions> reporting = ParseReporting(given);
  if (!reporting.ok()) return Error{reporting.error()};
  options.reporting = std::move(reporting).value();
  return CommandLine(std::move(options));
}

// `words`: what follows the command's name.
Result<CommandLine> ParseCommand(CommandId command, const Strings& words) {
  const Result<GivenOptions> given = GivenOptions::Parse(words, command);
  if (!given.ok()) return Error{given.error()};
  if (given.value().Has("help")) {
    return CommandLine(PrintRequest{PrintRequest::What::kHelp, command, ""});
  }
  switch (command) {
    case CommandId::kReport:
      return ParseReport(given.value());
    case CommandId::kMerge:
      return ParseMerge(given.value());
    case CommandId::kDiff:
      return ParseDiff(given.value());
    case CommandId::kInfo:
      return ParseInfo(given.value());
    case CommandId::kCtl:
      return ParseCtl(given.value());
    case CommandId::kFormats:
      return CommandLine(PrintRequest{PrintRequest::What::kFormats, command, ""});
    case CommandId::kAttach:
      return ParseAttach(given.value(), given.value().files());
    case CommandId::kDump:
      return ParseDump(given.value());
    case CommandId::kRun:
    case CommandId::kTop:
      break;
  }
  return Error{"no command"};
}

}  // namespace

Result<CommandLine> ParseCommandLine(const Strings& arguments) {
  if (!arguments.empty()) {
    const CommandSpec* command = FindCommand(arguments[0]);
    if (command != nullptr && command->id == CommandId::kTop) {
      return ParseTop(Strings(arguments.begin() + 1, arguments.end()));
    }
    if (command != nullptr) {
      return ParseCommand(command->id, Strings(arguments.begin() + 1, arguments.end()));
    }
  }
  return ParseRun(arguments);
}

}  // namespace lineprof
