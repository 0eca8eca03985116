#include "cli/run_command.h"

#include <signal.h>
#include <unistd.h>

#include <memory>
#include <utility>

#include "base/clock.h"
#include "base/shell_quote.h"
#include "cli/message.h"
#include "cli/progress_line.h"
#include "cli/recorded_run.h"
#include "cli/report_output.h"
#include "cli/run_monitor.h"
#include "cli/run_reports.h"
#include "launcher/agent_library.h"
#include "launcher/child_process.h"
#include "launcher/choice_server.h"
#include "launcher/environment.h"
#include "launcher/host.h"
#include "launcher/recording_directory.h"
#include "lineprof/version.h"
#include "profile/trace_choice.h"

namespace lineprof {
namespace {

// All that is checked before anything runs.
struct Plan {
  Selection selection;
  TraceChoice choice;
  std::vector<ReportOutput> outputs;
  Program program;
  ArchivedRun facts;  // but how it ended
};

ArchivedRun FactsOf(const RunOptions& options, const Program& program) {
  ArchivedRun facts;
  facts.lineprof_version = LINEPROF_VERSION;
  facts.host = HostName();
  facts.rank = JobRank();
  facts.command = program.words;
  facts.current_directory = CurrentDirectory();
  facts.period_ns = options.period_ns;
  facts.clock = options.clock;
  facts.main_thread_only = options.main_thread_only;
  facts.start_realtime_ns = ClockNs(CLOCK_REALTIME);
  return facts;
}

bool HasFilters(const RunOptions& options) {
  const SelectionOptions& selection = options.reporting.selection;
  return !selection.includes.empty() || !selection.excludes.empty() || selection.exclude_library ||
         !options.only.empty();
}

Result<Plan> MakePlan(const RunOptions& options) {
  Result<Selection> selection = MakeSelection(options.reporting.selection);
  if (!selection.ok()) return Error{selection.error()};
  Result<TraceChoice> choice = TraceChoice::Create(
      options.only, options.reporting.selection.exclude_library, CurrentDirectory());
  if (!choice.ok()) return Error{choice.error()};
  Result<Program> program = ResolveProgram(options.program);
  if (!program.ok()) return Error{program.error()};
  ArchivedRun facts = FactsOf(options, program.value());
  Result<std::vector<ReportOutput>> outputs = ReportOutput::OpenAll(
      options.reporting.outputs, {getpid(), facts.host, facts.start_realtime_ns});
  if (!outputs.ok()) return Error{outputs.error()};
  return Plan{std::move(selection).value(), std::move(choice).value(), std::move(outputs).value(),
              std::move(program).value(), std::move(facts)};
}

Settings MakeSettings(const RunOptions& options, const std::string& directory) {
  Settings settings;
  settings.directory = directory;
  if (options.period_ns != 0) settings.period_ns = options.period_ns;
  settings.watch_waiting = options.clock == Clock::kWall;
  settings.main_thread_only = options.main_thread_only;
  settings.signal = options.signal;
  settings.timer = options.timer;
  settings.timeline_limit = options.timeline_limit;
  settings.trace = options.mode == Mode::kDeterministic;
  settings.trace_filtered = settings.trace && HasFilters(options);
  settings.trace_named = !options.only.empty();
  settings.trace_decorated = options.decorated;
  settings.trace_verbose = settings.trace && options.verbose;
  settings.launcher = settings.trace ? getpid() : 0;
  return settings;
}

// Runs the program to its end. Fails with one line if it cannot be started.
Result<ProcessEnd> Execute(const RunOptions& options, const Plan& plan,
                           const RecordingDirectory& directory, RecordedRun& run) {
  const Result<std::string> preload = FindPreloadableAgent(directory.path());
  if (!preload.ok()) return Error{preload.error()};
  const auto verbose = [&options](const std::string& text) {
    if (options.verbose) PrintMessage(text);
  };
  verbose("agent: " + preload.value());
  verbose("recordings: " + directory.path());
  verbose("command: " + ShellJoin(plan.program.words));

  const Settings settings = MakeSettings(options, directory.path());
  const std::vector<std::string> environment =
      ProgramEnvironment(OwnEnvironment(), preload.value(), settings);
  std::unique_ptr<ChoiceServer> choices;
  if (settings.trace_filtered) {
    Result<std::unique_ptr<ChoiceServer>> server =
        ChoiceServer::Start(directory.path(), [&plan](const ChoiceQuestion& question) {
          return plan.choice.IsCounted(plan.selection.files, question);
        });
    if (!server.ok()) return Error{server.error()};
    choices = std::move(server).value();
  }
  Result<ChildProcess> process = ChildProcess::Start(plan.program, environment);
  if (!process.ok()) return Error{process.error()};
  // A reader of the report that goes away is told by errno. The program has the default still.
  signal(SIGPIPE, SIG_IGN);

  ProgressLine progress(STDERR_FILENO, !options.quiet && isatty(STDERR_FILENO) != 0);
  RunMonitor monitor(directory.path(), run.sources(), progress);
  const uint64_t start_ns = ClockNs(CLOCK_MONOTONIC);
  const ProcessEnd end =
      process.value().Wait(RunMonitor::kFirstLook, [&] { return monitor.Look(); });
  run.facts().duration_ns = ClockNs(CLOCK_MONOTONIC) - start_ns;
  run.facts().ended_by_signal = end.by_signal;
  run.facts().end_value = static_cast<uint64_t>(end.value);
  return end;
}

void TellOfUnprofiled(const Plan& plan, RecordedRun& run) {
  if (!plan.program.warning.empty()) return;  // said before the start
  if (run.recordings().empty()) {
    PrintMessage("no Python that can be profiled has run: the report is empty");
  }
  run.TellOfRefusals();
}

// Everything from the recording directory's making to its removal. Fails with one line if lineprof
// itself did.
Result<ProcessEnd> RunAndReport(const RunOptions& options, const Plan& plan) {
  Result<RecordingDirectory> directory =
      RecordingDirectory::Create(RecordingParents(), kMinFreeBytes);
  if (!directory.ok()) return Error{directory.error()};
  RecordedRun run(plan.facts, plan.outputs, directory.value(), options.verbose);
  Result<ProcessEnd> end = Execute(options, plan, directory.value(), run);
  if (!end.ok()) return end;
  run.ReadRecordings();
  TellOfUnprofiled(plan, run);
  const Result<void> written =
      run.WriteReports(plan.selection, options.reporting, options.clock, options.quiet);
  if (written.ok()) return end;
  directory.value().Keep();
  return Error{written.error() + "; the recording is kept in " + directory.value().path()};
}

}  // namespace

int RunCommand(const RunOptions& options) {
  const Result<Plan> plan = MakePlan(options);
  if (!plan.ok()) return Fail(kUsage, plan.error());
  const std::string& warning = plan.value().program.warning;
  if (!warning.empty()) PrintMessage(warning + "; it runs unprofiled");
  const Result<ProcessEnd> end = RunAndReport(options, plan.value());
  return end.ok() ? EndLike(end.value()) : Fail(kFailure, end.error());
}

}  // namespace lineprof
