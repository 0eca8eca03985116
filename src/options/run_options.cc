#include "options/run_options.h"

#include <fmt/format.h>

#include <cmath>
#include <csignal>
#include <optional>
#include <utility>

#include "options/attach_options.h"
#include "options/report_options.h"
#include "options/signal_name.h"
#include "options/values.h"
#include "recording/layout.h"

namespace lineprof {
namespace {

constexpr double kMinPeriod = 0.00005;
constexpr double kMaxPeriod = 1;
constexpr double kMaxRate = 20000;
constexpr uint64_t kDefaultTimeline = 1'000'000;

// Whether the signal can be taken for ticks: caught, and of no meaning to the system or the C
// library.
bool IsUsableSignal(int signal) {
  switch (signal) {
    case 0:
    case SIGKILL:
    case SIGSTOP:
    case SIGCONT:
    case SIGCHLD:
    case SIGSEGV:
    case SIGBUS:
    case SIGFPE:
    case SIGILL:
    case SIGTRAP:
    case SIGABRT:
      return false;
    default:
      return true;
  }
}

Result<void> ParseTickSignal(const GivenOptions& given, int& signal) {
  if (!given.Has("signal")) return {};
  signal = ParseSignal(given.Text("signal"));
  if (IsUsableSignal(signal)) return {};
  return Error{"--signal '" + given.Text("signal") + "': no signal that can be used"};
}

// The limit that is asked for; else the default one if a report needs a timeline.
Result<void> ParseTimeline(const GivenOptions& given, RunOptions& options) {
  if (!given.Has("timeline-limit")) {
    if (FindTimelineOutput(options.reporting) != nullptr) options.timeline_limit = kDefaultTimeline;
    return {};
  }
  const std::string& text = given.Text("timeline-limit");
  const std::optional<int> limit = ParseInt(text);
  if (!limit || *limit < 1 || static_cast<uint64_t>(*limit) > kMaxTimeline) {
    return Error{fmt::format("--timeline-limit '{}': must be from 1 to {}", text, kMaxTimeline)};
  }
  options.timeline_limit = static_cast<uint64_t>(*limit);
  return {};
}

uint64_t ToNs(double seconds) { return static_cast<uint64_t>(std::llround(seconds * 1e9)); }

Result<void> ParseWhen(const GivenOptions& given, RunOptions& options) {
  const Result<std::optional<double>> delay = ParseSeconds(given, "delay");
  if (!delay.ok()) return Error{delay.error()};
  options.delay_ns = ToNs(delay.value().value_or(0));
  const Result<std::optional<double>> duration = ParseSeconds(given, "duration");
  if (!duration.ok()) return Error{duration.error()};
  if (duration.value()) options.duration_ns = ToNs(*duration.value());
  return ParseChoice<int>(given, "toggle-signal", {{"SIGUSR1", SIGUSR1}, {"SIGUSR2", SIGUSR2}},
                          options.toggle_signal);
}

// Without a period every line is counted. Options and formats of the other mode are a
// misunderstanding.
Result<void> ParseMode(const GivenOptions& given, RunOptions& options) {
  const bool samples = options.period_ns != 0;
  options.mode = samples ? Mode::kStatistical : Mode::kDeterministic;
  for (const char* option : {"clock", "threads", "timer", "signal", "fold", "root", "per-thread",
                             "delay", "duration", "toggle-signal", "timeline-limit", "async"}) {
    if (!samples && given.Has(option)) {
      return Error{fmt::format("--{} is for samples: it needs -s SECONDS or -r HZ", option)};
    }
  }
  for (const char* option : {"only", "decorated"}) {
    if (samples && given.Has(option)) {
      return Error{fmt::format("--{} chooses what is counted: not with -s or -r", option)};
    }
  }
  options.only = given.Texts("only");
  options.decorated = given.Has("decorated");
  const Result<void> formats = CheckFormats(options.reporting, options.mode);
  return formats.ok() && samples ? ParseTimeline(given, options) : formats;
}

// --help and the like, if one is given.
std::optional<PrintRequest> FindPrintRequest(const GivenOptions& given) {
  using What = PrintRequest::What;
  if (given.Has("help")) return PrintRequest{What::kHelp, CommandId::kRun, ""};
  if (given.Has("version")) return PrintRequest{What::kVersion, CommandId::kRun, ""};
  if (given.Has("print-man")) return PrintRequest{What::kManualPage, CommandId::kRun, ""};
  if (!given.Has("print-completion")) return std::nullopt;
  return PrintRequest{What::kCompletion, CommandId::kRun, given.Text("print-completion")};
}

Result<CommandLine> Interpret(const GivenOptions& given, const Strings& program_words) {
  using Timer = Settings::Timer;
  RunOptions options;
  Result<ReportingOptions> reporting = ParseReporting(given);
  const Result<void> steps[] = {
      ParseClock(given, options.clock),
      ParseChoice<bool>(given, "threads", {{"0", true}, {"1", false}}, options.main_thread_only),
      ParseChoice<Timer>(
          given, "timer",
          {{"auto", Timer::kAuto}, {"perf", Timer::kPerf}, {"monotonic", Timer::kMonotonic}},
          options.timer),
      reporting.ok() ? Result<void>() : Error{reporting.error()},
      ParseTickSignal(given, options.signal),
      ParseWhen(given, options),
  };
  for (const Result<void>& step : steps) {
    if (!step.ok()) return Error{step.error()};
  }
  if (given.Has("children")) return Error{"--children needs -p PID"};
  Result<ProgramRequest> program = ParseProgram(program_words);
  if (!program.ok()) return Error{program.error()};
  const Result<uint64_t> period = ParsePeriod(given);
  if (!period.ok()) return Error{period.error()};

  options.program = std::move(program).value();
  if (given.Has("python")) options.program.python = given.Text("python");
  options.period_ns = period.value();
  options.reporting = std::move(reporting).value();
  options.verbose = given.Has("verbose");
  options.quiet = given.Has("quiet");
  options.wait_children = given.Has("wait-children");
  options.by_task = given.Has("async");
  const Result<void> mode = ParseMode(given, options);
  if (!mode.ok()) return Error{mode.error()};
  return CommandLine(std::move(options));
}

// -p: what there is to do is there already.
Result<CommandLine> ParseProcesses(const GivenOptions& given, const Strings& program_words) {
  if (!program_words.empty()) {
    return Error{"-p looks at a process that runs: not with a program ('" + program_words[0] +
                 "')"};
  }
  for (const char* option :
       {"only", "decorated", "python", "timer", "signal", "delay", "toggle-signal",
        "timeline-limit", "wait-children", "per-thread", "async"}) {
    if (given.Has(option)) {
      return Error{fmt::format("--{} is for programs that lineprof starts: not with -p", option)};
    }
  }
  return ParseAttach(given, given.Texts("pid"));
}

}  // namespace

Result<ProgramRequest> ParseProgram(const Strings& words) {
  if (words.empty()) return Error{"no program to profile; see lineprof --help"};
  ProgramRequest request;
  const std::string& first = words[0];
  request.words.assign(words.begin() + 1, words.end());
  if (first == "--") {
    request.kind = ProgramKind::kCommand;
    if (request.words.empty()) return Error{"no command after --"};
  } else if (first.starts_with("-m") || first.starts_with("-c")) {
    const bool is_module = first[1] == 'm';
    request.kind = is_module ? ProgramKind::kModule : ProgramKind::kCode;
    if (first.size() > 2) request.words.insert(request.words.begin(), first.substr(2));
    if (request.words.empty()) return Error{is_module ? "no module after -m" : "no code after -c"};
  } else {
    request.kind = ProgramKind::kScript;
    request.words = words;
  }
  return request;
}

Result<std::optional<double>> ParseSeconds(const GivenOptions& given, const std::string& option) {
  constexpr double kMost = 1e9;  // thirty years
  if (!given.Has(option)) return std::optional<double>();
  const std::optional<double> seconds = ParseDouble(given.Text(option));
  if (seconds && *seconds > 0 && *seconds <= kMost) return seconds;
  return Error{
      fmt::format("--{} '{}': must be a number of seconds above 0", option, given.Text(option))};
}

Result<uint64_t> ParsePeriod(const GivenOptions& given) {
  const bool has_period = given.Has("statistic");
  const bool has_rate = given.Has("rate");
  if (has_period && has_rate) return Error{"-s and -r say the same thing: give one of them"};
  if (!has_period && !has_rate) return uint64_t{0};
  const auto& text = given.Text(has_period ? "statistic" : "rate");
  const std::optional<double> value = ParseDouble(text);
  if (has_period && (!value || *value < kMinPeriod || *value > kMaxPeriod)) {
    return Error{"-s '" + text + "': the period must be from 0.00005 to 1 second"};
  }
  if (has_rate && (!value || *value < 1 || *value > kMaxRate)) {
    return Error{"-r '" + text + "': the rate must be from 1 to 20000 Hz"};
  }
  return ToNs(has_period ? *value : 1 / *value);
}

Result<CommandLine> ParseRun(const Strings& words) {
  const auto split =
      words.begin() + static_cast<std::ptrdiff_t>(CountOwnWords(words, CommandId::kRun));
  const Result<GivenOptions> given =
      GivenOptions::Parse(Strings(words.begin(), split), CommandId::kRun);
  if (!given.ok()) return Error{given.error()};
  const std::optional<PrintRequest> print = FindPrintRequest(given.value());
  if (print) return CommandLine(*print);
  if (given.value().Has("pid")) {
    return ParseProcesses(given.value(), Strings(split, words.end()));
  }
  return Interpret(given.value(), Strings(split, words.end()));
}

}  // namespace lineprof
