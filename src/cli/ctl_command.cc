#include "cli/ctl_command.h"

#include <unistd.h>

#include <algorithm>

#include "base/clock.h"
#include "launcher/running_run.h"
#include "output/collected_run.h"
#include "output/kept_recording.h"
#include "output/message.h"
#include "output/run_reports.h"
#include "recording/control.h"

namespace lineprof {
namespace {

// Reports of the run as it is now: what `lineprof report` would make of it.
int WriteSnapshot(const ReportingOptions& reporting, const std::string& directory,
                  ArchivedRun facts) {
  const Result<Selection> selection = MakeSelection(reporting.selection);
  if (!selection.ok()) return Fail(kUsage, selection.error());
  const bool keeps =
      std::any_of(reporting.outputs.begin(), reporting.outputs.end(),
                  [](const OutputOptions& output) { return output.format == nullptr; });
  SourceCache sources(facts.start_realtime_ns);
  facts.duration_ns = ClockNs(CLOCK_REALTIME) - facts.start_realtime_ns;
  CollectedRun run(std::move(facts), keeps);
  run.Read(directory, {}, false);
  const Result<void> recorded = CheckRecorded(reporting, run.runs(), "the run");
  if (!recorded.ok()) return Fail(kUsage, recorded.error());
  const Result<std::vector<ReportOutput>> outputs = ReportOutput::OpenAll(
      reporting.outputs, {getpid(), run.facts().host, run.facts().start_realtime_ns});
  if (!outputs.ok()) return Fail(kUsage, outputs.error());
  const ReportJob job(run.runs(), selection.value(), reporting, RecordedClock(run.runs()), sources);
  const Result<void> written =
      job.Write(outputs.value(), [&](const int64_t* pid) { return run.MakeArchive(pid, sources); });
  return written.ok() ? 0 : Fail(kFailure, written.error());
}

}  // namespace

int CtlCommand(const CtlOptions& options) {
  const Result<std::string> directory = FindRecordingDirectory(options.pid);
  if (!directory.ok()) return Fail(kUsage, directory.error());
  const Result<KeptRecording> run = LoadKeptRecording(directory.value() + "/" + kRunFile);
  if (!run.ok()) return Fail(kFailure, run.error());
  const ArchivedRun& facts = run.value().runs.facts[0];
  if (options.action == CtlOptions::Action::kSnapshot) {
    return WriteSnapshot(options.reporting, directory.value(), facts);
  }
  if (ModeOf(facts) == Mode::kDeterministic) {
    return Fail(kUsage, "only sampling can be stopped and started, and this run is counted");
  }
  const bool stop = options.action == CtlOptions::Action::kStop;
  const Result<void> written = WritePaused(directory.value(), stop);
  return written.ok() ? 0 : Fail(kFailure, written.error());
}

}  // namespace lineprof
