#include "cli/report_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cli/kept_recording.h"
#include "cli/message.h"
#include "cli/report_options.h"
#include "cli/run_reports.h"

namespace lineprof {

namespace {

bool HasTimeline(const RecordedRuns& runs) {
  for (const RunRecordings& run : runs.recordings) {
    const auto has_timeline = [](const Recording& recording) { return recording.has_timeline; };
    if (std::any_of(run.recordings.begin(), run.recordings.end(), has_timeline)) return true;
  }
  return false;
}

}  // namespace

int ReportCommand(const ReportCommandOptions& options) {
  const Result<Selection> selection = MakeSelection(options.reporting.selection);
  if (!selection.ok()) return Fail(kUsage, selection.error());
  Result<KeptRecording> kept = LoadKeptRecording(options.file);
  if (!kept.ok()) return Fail(kFailure, kept.error());
  RecordedRuns& runs = kept.value().runs;
  const Mode mode = ModeOf(runs.facts[0]);
  const Result<void> formats = CheckFormats(options.reporting, mode);
  if (!formats.ok())
    return Fail(kUsage, fmt::format("{} was {}: {}", options.file,
                                    mode == Mode::kStatistical ? "sampled" : "counted, not sampled",
                                    formats.error()));
  const OutputOptions* timeline = FindTimelineOutput(options.reporting);
  if (timeline != nullptr && !HasTimeline(runs)) {
    return Fail(kUsage, fmt::format("{}: {} has no timeline: it is kept with --timeline-limit",
                                    timeline->name, options.file));
  }
  if (options.reporting.per_thread && !IsRecordedByThread(runs)) {
    return Fail(kUsage, "--per-thread: " + options.file + " was recorded without it");
  }
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
