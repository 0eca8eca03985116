#include "cli/attach_command.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>

#include "attach/family.h"
#include "attach/session.h"
#include "base/clock.h"
#include "base/file.h"
#include "cli/progress_line.h"
#include "cli/run_monitor.h"
#include "launcher/recording_directory.h"
#include "output/message.h"
#include "output/recorded_run.h"

namespace lineprof {
namespace {

// All that is checked before a process is looked at.
struct Plan {
  Selection selection;
  std::vector<ReportOutput> outputs;
  ArchivedRun facts;
};

ArchivedRun FactsOf(const AttachOptions& options) {
  std::vector<std::string> command = {"lineprof", "attach"};
  for (const pid_t pid : options.pids) command.push_back(std::to_string(pid));
  return BeginFacts(std::move(command), options.period_ns, options.clock, options.main_thread_only);
}

Result<Plan> MakePlan(const AttachOptions& options) {
  Result<Selection> selection = MakeSelection(options.reporting.selection);
  if (!selection.ok()) return Error{selection.error()};
  ArchivedRun facts = FactsOf(options);
  Result<std::vector<ReportOutput>> outputs = ReportOutput::OpenAll(
      options.reporting.outputs, {options.pids[0], facts.host, facts.start_realtime_ns});
  if (!outputs.ok()) return Error{outputs.error()};
  return Plan{std::move(selection).value(), std::move(outputs).value(), std::move(facts)};
}

// The signals that end the looking; blocked, also in the threads that are started later.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

// Looks until the time is over, a signal comes, or nothing is left to look at.
void LookUntilTheEnd(const AttachOptions& options, const sigset_t& stop_signals,
                     AttachedFamily& family, RunMonitor& monitor) {
  constexpr std::chrono::nanoseconds kUpkeep = std::chrono::milliseconds(100);
  const uint64_t start_ns = ClockNs(CLOCK_MONOTONIC);
  const uint64_t limit_ns = options.duration_s
                                ? static_cast<uint64_t>(std::llround(*options.duration_s * 1e9))
                                : UINT64_MAX;
  uint64_t next_look_ns = start_ns + std::chrono::nanoseconds(RunMonitor::kFirstLook).count();
  while (!family.has_ended()) {
    const uint64_t passed_ns = ClockNs(CLOCK_MONOTONIC) - start_ns;
    if (passed_ns >= limit_ns) return;
    const uint64_t wait_ns = std::min<uint64_t>(limit_ns - passed_ns, kUpkeep.count());
    const timespec timeout = ToTimespec(wait_ns);
    if (sigtimedwait(&stop_signals, nullptr, &timeout) > 0) return;
    family.Update();
    if (ClockNs(CLOCK_MONOTONIC) < next_look_ns) continue;
    next_look_ns = ClockNs(CLOCK_MONOTONIC) + static_cast<uint64_t>(monitor.Look().count());
  }
}

// From the start of the looking to the last report; the exit status.
int LookAndReport(const AttachOptions& options, const Plan& plan, RecordingDirectory& directory) {
  const sigset_t stop_signals = BlockStopSignals();
  const SamplingOptions sampling{options.period_ns, options.clock == Clock::kWall,
                                 options.main_thread_only};
  Result<std::unique_ptr<AttachedFamily>> family =
      AttachedFamily::Start(options.pids, options.with_children, directory.path(), sampling);
  if (!family.ok()) return Fail(kUsage, family.error());
  signal(SIGPIPE, SIG_IGN);  // a reader of the report that goes away is told by errno

  RecordedRun run(plan.facts, plan.outputs, directory, options.verbose);
  {
    ProgressLine progress(STDERR_FILENO, !options.quiet && isatty(STDERR_FILENO) != 0);
    RunMonitor monitor(directory.path(), run.sources(), progress, true);
    const uint64_t start_ns = ClockNs(CLOCK_MONOTONIC);
    LookUntilTheEnd(options, stop_signals, *family.value(), monitor);
    family.value()->Stop();
    monitor.Look();
    run.facts().duration_ns = ClockNs(CLOCK_MONOTONIC) - start_ns;
  }
  run.ReadRecordings({});
  const Result<void> written =
      run.WriteReports(plan.selection, options.reporting, options.clock, options.quiet);
  if (written.ok()) return 0;
  directory.Keep();
  return Fail(kFailure, written.error() + "; the recording is kept in " + directory.path());
}

}  // namespace

int AttachCommand(const AttachOptions& options) {
  const Result<Plan> plan = MakePlan(options);
  if (!plan.ok()) return Fail(kUsage, plan.error());
  Result<RecordingDirectory> directory =
      RecordingDirectory::Create(RecordingParents(), kMinFreeBytes);
  if (!directory.ok()) return Fail(kFailure, directory.error());
  return LookAndReport(options, plan.value(), directory.value());
}

}  // namespace lineprof
