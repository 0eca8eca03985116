#include "cli/run_command.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "archive/writer.h"
#include "base/clock.h"
#include "base/shell_quote.h"
#include "cli/profiling_schedule.h"
#include "cli/progress_line.h"
#include "cli/run_monitor.h"
#include "launcher/agent_library.h"
#include "launcher/child_process.h"
#include "launcher/choice_server.h"
#include "launcher/environment.h"
#include "launcher/host.h"
#include "launcher/recording_directory.h"
#include "output/message.h"
#include "output/output_file.h"
#include "output/recorded_run.h"
#include "output/report_output.h"
#include "output/run_reports.h"
#include "profile/trace_choice.h"
#include "recording/control.h"

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
  ArchivedRun facts =
      BeginFacts(program.value().words, options.period_ns, options.clock, options.main_thread_only);
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
  settings.by_thread = options.reporting.per_thread;
  settings.by_task = options.by_task;
  settings.trace = options.mode == Mode::kDeterministic;
  settings.trace_filtered = settings.trace && HasFilters(options);
  settings.trace_named = !options.only.empty();
  settings.trace_decorated = options.decorated;
  settings.trace_verbose = settings.trace && options.verbose;
  settings.launcher = settings.trace ? getpid() : 0;
  return settings;
}

// One run, from the start of the program to the last report.
class Run {
 public:
  Run(const RunOptions& options, const Plan& plan, RecordingDirectory& directory)
      : options_(options),
        plan_(plan),
        directory_(directory),
        recorded_(plan.facts, plan.outputs, directory, options.verbose),
        schedule_(options.delay_ns, options.duration_ns) {}

  // Runs the program to its end. Fails with one line if it cannot be started.
  Result<ProcessEnd> Execute();

  // Tells of, and keeps, recordings that cannot be read.
  void ReadRecordings();

  // Fails with one line if one cannot be written. REQUIRES: ReadRecordings was called.
  Result<void> WriteReports();

 private:
  Result<void> PrepareDirectory() const;
  Result<std::unique_ptr<ChoiceServer>> StartChoices(const Settings& settings) const;
  ProcessEnd WaitForEnd(ChildProcess& process);
  std::chrono::nanoseconds Tick(RunMonitor& monitor, uint64_t start_ns);
  bool TakeSignal(int signal) const;
  void SetProfiling(bool on) const;
  void Verbose(const std::string& text) const {
    if (options_.verbose) PrintMessage(text);
  }

  const RunOptions& options_;
  const Plan& plan_;
  RecordingDirectory& directory_;
  RecordedRun recorded_;
  ProfilingSchedule schedule_;
  uint64_t next_look_ns_ = 0;  // of the monitor, CLOCK_MONOTONIC
  std::map<pid_t, ProcessEnd> ends_;
};

// What the agent and `lineprof ctl` look for.
Result<void> Run::PrepareDirectory() const {
  ArchiveWriter facts;
  facts.Add(plan_.facts);
  const Result<OutputFile> file = OutputFile::Open(directory_.path() + "/" + kRunFile);
  const Result<void> written = file.ok() ? file.value().Write(facts.Finish()) : Error{file.error()};
  // The run itself does not need them.
  if (!written.ok()) Verbose("lineprof ctl will not work: " + written.error());
  return CreateControl(directory_.path(), schedule_.begins_paused());
}

// Null if nobody will ask.
Result<std::unique_ptr<ChoiceServer>> Run::StartChoices(const Settings& settings) const {
  if (!settings.trace_filtered) return std::unique_ptr<ChoiceServer>();
  return ChoiceServer::Start(directory_.path(), [this](const ChoiceQuestion& question) {
    return plan_.choice.IsCounted(plan_.selection.files, question);
  });
}

Result<ProcessEnd> Run::Execute() {
  const Result<std::string> preload = FindPreloadableAgent(directory_.path());
  if (!preload.ok()) return Error{preload.error()};
  Verbose("agent: " + preload.value());
  Verbose("recordings: " + directory_.path());
  Verbose("command: " + ShellJoin(plan_.program.words));
  const Result<void> prepared = PrepareDirectory();
  if (!prepared.ok()) return Error{prepared.error()};

  const Settings settings = MakeSettings(options_, directory_.path());
  const std::vector<std::string> environment =
      ProgramEnvironment(OwnEnvironment(), preload.value(), settings);
  const Result<std::unique_ptr<ChoiceServer>> choices = StartChoices(settings);
  if (!choices.ok()) return Error{choices.error()};
  Result<ChildProcess> process =
      ChildProcess::Start(plan_.program, environment, options_.wait_children);
  if (!process.ok()) return Error{process.error()};
  // A reader of the report that goes away is told by errno. The program has the default still.
  signal(SIGPIPE, SIG_IGN);
  return WaitForEnd(process.value());
}

ProcessEnd Run::WaitForEnd(ChildProcess& process) {
  ProgressLine progress(STDERR_FILENO, !options_.quiet && isatty(STDERR_FILENO) != 0);
  RunMonitor monitor(directory_.path(), recorded_.sources(), progress);
  const uint64_t start_ns = ClockNs(CLOCK_MONOTONIC);
  next_look_ns_ = start_ns + std::chrono::nanoseconds(RunMonitor::kFirstLook).count();
  const ProcessEnd end = process.Wait(
      std::chrono::nanoseconds(0), [&] { return Tick(monitor, start_ns); },
      [this](int signal) { return TakeSignal(signal); });
  ends_ = process.ends();
  ArchivedRun& facts = recorded_.facts();
  facts.duration_ns = ClockNs(CLOCK_MONOTONIC) - start_ns;
  facts.ended_by_signal = end.by_signal;
  facts.end_value = static_cast<uint64_t>(end.value);
  return end;
}

// What is due now. Returns the time until something is due again.
std::chrono::nanoseconds Run::Tick(RunMonitor& monitor, uint64_t start_ns) {
  uint64_t now = ClockNs(CLOCK_MONOTONIC);
  if (const std::optional<bool> on = schedule_.TakeChange(now - start_ns)) SetProfiling(*on);
  if (now >= next_look_ns_) {
    const std::chrono::nanoseconds rest = monitor.Look();
    now = ClockNs(CLOCK_MONOTONIC);
    next_look_ns_ = now + static_cast<uint64_t>(rest.count());
  }
  uint64_t next = next_look_ns_;
  if (const std::optional<uint64_t> change = schedule_.NextChange()) {
    next = std::min(next, start_ns + *change);
  }
  return std::chrono::nanoseconds(next > now ? next - now : 0);
}

// --toggle-signal: lineprof's, not the program's.
bool Run::TakeSignal(int signal) const {
  if (signal != options_.toggle_signal) return false;
  const Result<bool> paused = ReadPaused(directory_.path());
  if (paused.ok()) SetProfiling(paused.value());
  return true;
}

void Run::SetProfiling(bool on) const {
  const Result<void> written = WritePaused(directory_.path(), !on);
  if (!written.ok()) return PrintMessage(written.error());
  Verbose(on ? "profiling" : "not profiling");
}

void Run::ReadRecordings() {
  recorded_.ReadRecordings(ends_);
  if (!plan_.program.warning.empty()) return;  // said before the start
  if (recorded_.recordings().empty()) {
    PrintMessage("no Python that can be profiled has run: the report is empty");
  }
  recorded_.TellOfRefusals();
}

Result<void> Run::WriteReports() {
  return recorded_.WriteReports(plan_.selection, options_.reporting, options_.clock,
                                options_.quiet);
}

// Everything from the recording directory's making to its removal. Fails with one line if lineprof
// itself did.
Result<ProcessEnd> RunAndReport(const RunOptions& options, const Plan& plan) {
  Result<RecordingDirectory> directory =
      RecordingDirectory::Create(RecordingParents(), kMinFreeBytes);
  if (!directory.ok()) return Error{directory.error()};
  Run run(options, plan, directory.value());
  Result<ProcessEnd> end = run.Execute();
  if (!end.ok()) return end;
  run.ReadRecordings();
  const Result<void> written = run.WriteReports();
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
