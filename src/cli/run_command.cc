#include "cli/run_command.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "archive/writer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/shell_quote.h"
#include "cli/message.h"
#include "cli/progress_line.h"
#include "cli/report_output.h"
#include "cli/run_monitor.h"
#include "cli/run_reports.h"
#include "cli/summary.h"
#include "launcher/agent_library.h"
#include "launcher/child_process.h"
#include "launcher/choice_server.h"
#include "launcher/environment.h"
#include "launcher/host.h"
#include "launcher/recording_directory.h"
#include "lineprof/version.h"
#include "profile/file_name.h"
#include "profile/source_cache.h"
#include "profile/trace_choice.h"
#include "recording/reader.h"

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
  settings.trace = options.mode == Mode::kDeterministic;
  settings.trace_filtered = settings.trace && HasFilters(options);
  settings.trace_named = !options.only.empty();
  settings.trace_decorated = options.decorated;
  settings.trace_verbose = settings.trace && options.verbose;
  return settings;
}

// One run, from the start of the program to the last report.
class Run {
 public:
  Run(const RunOptions& options, const Plan& plan, RecordingDirectory& directory)
      : options_(options),
        plan_(plan),
        directory_(directory),
        sources_(plan.facts.start_realtime_ns),
        runs_{{plan.facts}, {{{}, plan.facts.current_directory, LabelOf(plan.facts)}}} {}

  // Runs the program to its end. Fails with one line if it cannot be started.
  Result<ProcessEnd> Execute();

  // Tells of, and keeps, recordings that cannot be read.
  void ReadRecordings();

  // Fails with one line if one cannot be written. REQUIRES: ReadRecordings was called.
  Result<void> WriteReports();

 private:
  void Add(const std::string& path);
  void TellOfUnprofiled();
  std::string MakeArchive(const int64_t* pid);
  void Verbose(const std::string& text) const {
    if (options_.verbose) PrintMessage(text);
  }

  const RunOptions& options_;
  const Plan& plan_;
  RecordingDirectory& directory_;
  ArchivedRun& facts() { return runs_.facts[0]; }
  std::vector<Recording>& recordings() { return runs_.recordings[0].recordings; }

  SourceCache sources_;
  RecordedRuns runs_;                    // this one
  std::vector<PackedRecording> packed_;  // its recordings, if they are to be kept
};

Result<ProcessEnd> Run::Execute() {
  const Result<std::string> agent = FindAgent();
  if (!agent.ok()) return Error{agent.error()};
  const Result<std::string> preload = PreloadablePath(agent.value(), directory_.path());
  if (!preload.ok()) return Error{preload.error()};
  Verbose("agent: " + preload.value());
  Verbose("recordings: " + directory_.path());
  Verbose("command: " + ShellJoin(plan_.program.words));

  const Settings settings = MakeSettings(options_, directory_.path());
  const std::vector<std::string> environment =
      ProgramEnvironment(OwnEnvironment(), preload.value(), settings);
  std::unique_ptr<ChoiceServer> choices;
  if (settings.trace_filtered) {
    Result<std::unique_ptr<ChoiceServer>> server =
        ChoiceServer::Start(directory_.path(), [this](const ChoiceQuestion& question) {
          return plan_.choice.IsCounted(plan_.selection.files, question);
        });
    if (!server.ok()) return Error{server.error()};
    choices = std::move(server).value();
  }
  Result<ChildProcess> process = ChildProcess::Start(plan_.program, environment);
  if (!process.ok()) return Error{process.error()};
  // A reader of the report that goes away is told by errno. The program has the default still.
  signal(SIGPIPE, SIG_IGN);

  ProgressLine progress(STDERR_FILENO, !options_.quiet && isatty(STDERR_FILENO) != 0);
  RunMonitor monitor(directory_.path(), sources_, progress);
  const uint64_t start_ns = ClockNs(CLOCK_MONOTONIC);
  const ProcessEnd end =
      process.value().Wait(RunMonitor::kFirstLook, [&] { return monitor.Look(); });
  facts().duration_ns = ClockNs(CLOCK_MONOTONIC) - start_ns;
  facts().ended_by_signal = end.by_signal;
  facts().end_value = static_cast<uint64_t>(end.value);
  return end;
}

void Run::ReadRecordings() {
  const Result<std::vector<std::string>> paths = ListRecordings(directory_.path());
  if (!paths.ok()) {
    PrintMessage(paths.error());
    return;
  }
  for (const std::string& path : paths.value()) Add(path);
  TellOfUnprofiled();
}

void Run::Add(const std::string& path) {
  const Result<std::string> bytes = ReadRecordingBytes(path);
  Result<Recording> recording =
      bytes.ok() ? DecodeRecording(bytes.value(), path) : Error{bytes.error()};
  if (!recording.ok()) {
    PrintMessage(recording.error() + "; it is kept");
    directory_.Keep();
    return;
  }
  Verbose(fmt::format("read {}: process {}, {} samples", path, recording.value().pid,
                      recording.value().cpu_samples + recording.value().wait_samples));
  recordings().push_back(std::move(recording).value());
  const bool is_kept = std::any_of(plan_.outputs.begin(), plan_.outputs.end(),
                                   [](const auto& output) { return output.format() == nullptr; });
  if (is_kept) packed_.push_back(PackRecording(bytes.value()));
}

void Run::TellOfUnprofiled() {
  if (!plan_.program.warning.empty()) return;  // said before the start
  if (recordings().empty()) {
    PrintMessage("no Python that can be profiled has run: the report is empty");
  }
  std::set<std::string> told;
  for (const Recording& recording : recordings()) {
    const bool is_new = !recording.refusal.empty() && told.insert(recording.refusal).second;
    if (is_new) PrintMessage(recording.refusal);
  }
}

std::string Run::MakeArchive(const int64_t* pid) {
  ArchiveWriter archive;
  archive.Add(facts());
  std::set<std::string> paths;
  for (size_t i = 0; i < recordings().size(); i++) {
    if (pid != nullptr && recordings()[i].pid != *pid) continue;
    archive.Add(packed_[i]);
    for (const RecordedCode& code : recordings()[i].codes) {
      const std::string path = SourcePath(code.filename, recordings()[i].working_directory);
      if (!path.empty()) paths.insert(path);
    }
  }
  for (const std::string& path : paths) archive.Add(ArchivedSource{path, sources_.Take(path)});
  return archive.Finish();
}

Result<void> Run::WriteReports() {
  const ReportJob job(runs_, plan_.selection, options_.reporting, options_.clock, sources_);
  const Result<void> written =
      job.Write(plan_.outputs, [this](const int64_t* pid) { return MakeArchive(pid); });
  const bool in_a_file =
      std::any_of(plan_.outputs.begin(), plan_.outputs.end(),
                  [](const auto& output) { return !output.is_standard_output(); });
  const bool wants_summary = written.ok() && in_a_file && !options_.quiet;
  if (wants_summary) WriteAll(STDERR_FILENO, FormatSummary(job.profile()));
  return written;
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
