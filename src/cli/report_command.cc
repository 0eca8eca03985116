#include "cli/report_command.h"

#include <unistd.h>

#include "output/kept_recording.h"
#include "output/message.h"
#include "output/run_reports.h"

namespace lineprof {

int ReportCommand(const ReportCommandOptions& options) {
  const Result<Selection> selection = MakeSelection(options.reporting.selection);
  if (!selection.ok()) return Fail(kUsage, selection.error());
  Result<KeptRecording> kept = LoadKeptRecording(options.file);
  if (!kept.ok()) return Fail(kFailure, kept.error());
  RecordedRuns& runs = kept.value().runs;
  const Result<void> recorded_so = CheckRecorded(options.reporting, runs, options.file);
  if (!recorded_so.ok()) return Fail(kUsage, recorded_so.error());
  const Clock recorded = RecordedClock(runs);
  const Clock clock = options.clock.value_or(recorded);
  if (clock == Clock::kWall && recorded == Clock::kCpu) {
    return Fail(kUsage, "--clock wall: " + options.file + " was recorded with --clock cpu");
  }
  const ArchivedRun& first = runs.facts[0];
  const Result<std::vector<ReportOutput>> outputs = ReportOutput::OpenAll(
      options.reporting.outputs, {getpid(), first.host, first.start_realtime_ns});
  if (!outputs.ok()) return Fail(kUsage, outputs.error());
  const ReportJob job(runs, selection.value(), options.reporting, clock, kept.value().sources);
  const Result<void> written = job.Write(outputs.value(), nullptr);
  return written.ok() ? 0 : Fail(kFailure, written.error());
}

}  // namespace lineprof
