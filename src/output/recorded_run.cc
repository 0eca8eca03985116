#include "output/recorded_run.h"

#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/clock.h"
#include "base/file.h"
#include "launcher/host.h"
#include "lineprof/version.h"
#include "output/message.h"
#include "output/run_reports.h"
#include "output/summary.h"

namespace lineprof {
namespace {

// Some -o keeps the recording.
bool KeepsRecording(const std::vector<ReportOutput>& outputs) {
  return std::any_of(outputs.begin(), outputs.end(),
                     [](const auto& output) { return output.format() == nullptr; });
}

}  // namespace

ArchivedRun BeginFacts(std::vector<std::string> command, uint64_t period_ns, Clock clock,
                       bool main_thread_only) {
  ArchivedRun facts;
  facts.lineprof_version = LINEPROF_VERSION;
  facts.host = HostName();
  facts.rank = JobRank();
  facts.command = std::move(command);
  facts.current_directory = CurrentDirectory();
  facts.period_ns = period_ns;
  facts.clock = clock;
  facts.main_thread_only = main_thread_only;
  facts.start_realtime_ns = ClockNs(CLOCK_REALTIME);
  return facts;
}

RecordedRun::RecordedRun(const ArchivedRun& facts, const std::vector<ReportOutput>& outputs,
                         RecordingDirectory& directory, bool verbose)
    : outputs_(outputs),
      directory_(directory),
      verbose_(verbose),
      sources_(facts.start_realtime_ns),
      collected_(facts, KeepsRecording(outputs)) {}

void RecordedRun::ReadRecordings(const std::map<pid_t, ProcessEnd>& ends) {
  if (!collected_.Read(directory_.path(), ends, verbose_)) directory_.Keep();
}

void RecordedRun::TellOfRefusals() {
  std::set<std::string> told;
  for (const Recording& recording : recordings()) {
    const bool is_new = !recording.refusal.empty() && told.insert(recording.refusal).second;
    if (is_new) PrintMessage(recording.refusal);
  }
}

Result<void> RecordedRun::WriteReports(const Selection& selection,
                                       const ReportingOptions& reporting, Clock clock, bool quiet) {
  const ReportJob job(collected_.runs(), selection, reporting, clock, sources_);
  const Result<void> written = job.Write(
      outputs_, [this](const int64_t* pid) { return collected_.MakeArchive(pid, sources_); });
  const bool in_a_file = std::any_of(outputs_.begin(), outputs_.end(), [](const auto& output) {
    return !output.is_standard_output();
  });
  if (written.ok() && in_a_file && !quiet) {
    WriteAll(STDERR_FILENO, FormatSummary(job.profile()));
  }
  return written;
}

}  // namespace lineprof
