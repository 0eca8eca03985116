#include "cli/run_command.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <memory>
#include <set>
#include <sstream>
#include <utility>

#include "base/clock.h"
#include "base/file.h"
#include "base/shell_quote.h"
#include "cli/message.h"
#include "cli/output_file.h"
#include "cli/progress_line.h"
#include "cli/run_monitor.h"
#include "cli/summary.h"
#include "launcher/agent_library.h"
#include "launcher/child_process.h"
#include "launcher/choice_server.h"
#include "launcher/environment.h"
#include "launcher/recording_directory.h"
#include "profile/filter.h"
#include "profile/profile_builder.h"
#include "profile/source_cache.h"
#include "profile/trace_choice.h"
#include "recording/reader.h"

namespace lineprof {
namespace {

constexpr int kFailure = 1;
constexpr int kUsage = 2;

int Fail(int status, std::string_view message) {
  PrintMessage(message);
  return status;
}

// All that is checked before anything runs.
struct Plan {
  Filter filter;
  TraceChoice choice;
  std::vector<OutputFile> outputs;
  Program program;
};

Result<Plan> MakePlan(const Options& options) {
  Result<Filter> filter = Filter::Create(options.includes, options.excludes);
  if (!filter.ok()) return Error{filter.error()};
  Result<TraceChoice> choice =
      TraceChoice::Create(options.only, options.exclude_library, CurrentDirectory());
  if (!choice.ok()) return Error{choice.error()};
  Result<Program> program = ResolveProgram(options.program);
  if (!program.ok()) return Error{program.error()};
  Result<std::vector<OutputFile>> outputs = OpenOutputs(options.outputs);
  if (!outputs.ok()) return Error{outputs.error()};
  return Plan{std::move(filter).value(), std::move(choice).value(), std::move(outputs).value(),
              std::move(program).value()};
}

bool HasFilters(const Options& options) {
  return !options.includes.empty() || !options.excludes.empty() || options.exclude_library ||
         !options.only.empty();
}

Settings MakeSettings(const Options& options, const std::string& directory) {
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
  Run(const Options& options, const Plan& plan, RecordingDirectory& directory)
      : options_(options), plan_(plan), directory_(directory), sources_(ClockNs(CLOCK_REALTIME)) {}

  // Runs the program to its end. Fails with one line if it cannot be started.
  Result<ProcessEnd> Execute();

  // Tells of, and keeps, recordings that cannot be read.
  std::vector<Recording> ReadRecordings();

  // Fails with one line if one cannot be written.
  Result<void> WriteReports(const std::vector<Recording>& recordings);

 private:
  void TellOfUnprofiled(const std::vector<Recording>& recordings) const;
  void Verbose(const std::string& text) const {
    if (options_.verbose) PrintMessage(text);
  }

  const Options& options_;
  const Plan& plan_;
  RecordingDirectory& directory_;
  SourceCache sources_;
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
          return plan_.choice.IsCounted(plan_.filter, question);
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
  return process.value().Wait(RunMonitor::kFirstLook, [&] { return monitor.Look(); });
}

std::vector<Recording> Run::ReadRecordings() {
  std::vector<Recording> recordings;
  const Result<std::vector<std::string>> paths = ListRecordings(directory_.path());
  if (!paths.ok()) {
    PrintMessage(paths.error());
    return recordings;
  }
  for (const std::string& path : paths.value()) {
    Result<Recording> recording = ReadRecording(path);
    if (!recording.ok()) {
      PrintMessage(recording.error() + "; it is kept");
      directory_.Keep();
      continue;
    }
    Verbose(fmt::format("read {}: process {}, {} samples", path, recording.value().pid,
                        recording.value().cpu_samples + recording.value().wait_samples));
    recordings.push_back(std::move(recording).value());
  }
  TellOfUnprofiled(recordings);
  return recordings;
}

void Run::TellOfUnprofiled(const std::vector<Recording>& recordings) const {
  if (!plan_.program.warning.empty()) return;  // said before the start
  if (recordings.empty()) {
    PrintMessage("no Python that can be profiled has run: the report is empty");
  }
  std::set<std::string> told;
  for (const Recording& recording : recordings) {
    const bool is_new = !recording.refusal.empty() && told.insert(recording.refusal).second;
    if (is_new) PrintMessage(recording.refusal);
  }
}

Result<void> Run::WriteReports(const std::vector<Recording>& recordings) {
  BuildOptions build;
  build.command = plan_.program.words;
  build.current_directory = CurrentDirectory();
  build.mode = options_.mode;
  build.clock = options_.clock;
  build.period_s = static_cast<double>(options_.period_ns) / kNsPerSecond;
  build.exclude_library = options_.exclude_library;
  const Profile profile = BuildProfile(recordings, plan_.filter, sources_, build);

  std::ostringstream report;
  options_.format->write(profile, report);
  Result<void> all_written;
  bool in_a_file = false;
  for (const OutputFile& output : plan_.outputs) {
    const Result<void> written = output.Write(report.view());
    if (!written.ok()) all_written = written;
    in_a_file = in_a_file || !output.is_standard_output();
  }
  const bool wants_summary = all_written.ok() && in_a_file && !options_.quiet;
  if (wants_summary) WriteAll(STDERR_FILENO, FormatSummary(profile));
  return all_written;
}

// Everything from the recording directory's making to its removal. Fails with one line if lineprof
// itself did.
Result<ProcessEnd> RunAndReport(const Options& options, const Plan& plan) {
  Result<RecordingDirectory> directory =
      RecordingDirectory::Create(RecordingParents(), kMinFreeBytes);
  if (!directory.ok()) return Error{directory.error()};
  Run run(options, plan, directory.value());
  Result<ProcessEnd> end = run.Execute();
  if (!end.ok()) return end;
  const Result<void> written = run.WriteReports(run.ReadRecordings());
  if (written.ok()) return end;
  directory.value().Keep();
  return Error{written.error() + "; the recording is kept in " + directory.value().path()};
}

}  // namespace

int RunCommand(const Options& options) {
  const Result<Plan> plan = MakePlan(options);
  if (!plan.ok()) return Fail(kUsage, plan.error());
  const std::string& warning = plan.value().program.warning;
  if (!warning.empty()) PrintMessage(warning + "; it runs unprofiled");
  const Result<ProcessEnd> end = RunAndReport(options, plan.value());
  return end.ok() ? EndLike(end.value()) : Fail(kFailure, end.error());
}

}  // namespace lineprof
