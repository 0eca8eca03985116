#include "cli/info_command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/shell_quote.h"
#include "base/utf8.h"
#include "output/message.h"

namespace lineprof {
namespace {

double Seconds(uint64_t ns) { return static_cast<double>(ns) / kNsPerSecond; }

std::string StartTime(uint64_t realtime_ns) {
  const auto seconds = static_cast<time_t>(realtime_ns / kNsPerSecond);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(seconds));
}

std::string DescribeProcess(const Recording& recording) {
  if (!recording.refusal.empty()) {
    return fmt::format("Process: {}, not profiled: {}\n", recording.pid, recording.refusal);
  }
  uint64_t lost = 0;
  for (const RecordedLoss& loss : recording.losses) lost += loss.samples;
  std::string timeline;
  if (recording.has_timeline) {
    timeline = fmt::format("a timeline of {}, ", recording.timeline.size());
  }
  return fmt::format("Process: {}, Python {}, {}, {:g}s, {} thread{}, {} samples, {} lost, {}{}\n",
                     recording.pid, recording.python_version, recording.timer,
                     Seconds(recording.end_monotonic_ns - recording.start_monotonic_ns),
                     recording.threads, recording.threads == 1 ? "" : "s",
                     recording.cpu_samples + recording.wait_samples, lost, timeline,
                     ShellJoin(recording.arguments));
}

std::string DescribeRun(const ArchivedRun& run, const RunRecordings& recordings) {
  std::string text;
  const auto line = [&text](std::string_view name, const std::string& value) {
    text += fmt::format("{}: {}\n", name, value);
  };
  line("Command line", ShellJoin(run.command));
  line("Directory", EscapeInvalidUtf8(run.current_directory));
  line("Host", EscapeInvalidUtf8(run.host));
  if (!run.rank.empty()) line("Rank", EscapeInvalidUtf8(run.rank));
  line("Start", StartTime(run.start_realtime_ns));
  line("Duration", fmt::format("{:g}s", Seconds(run.duration_ns)));
  line("End", fmt::format("{} {}", run.ended_by_signal ? "signal" : "status", run.end_value));
  line("Period", fmt::format("{:g}s", Seconds(run.period_ns)));
  line("Clock", run.clock == Clock::kCpu ? "cpu" : "wall");
  line("Threads", run.main_thread_only ? "main only" : "all");
  line("Recorded by", "lineprof " + EscapeInvalidUtf8(run.lineprof_version));
  for (const Recording& recording : recordings.recordings) text += DescribeProcess(recording);
  return text;
}

}  // namespace

std::string DescribeRuns(const RecordedRuns& runs) {
  std::string text;
  for (size_t i = 0; i < runs.facts.size(); i++) {
    if (i > 0) text += '\n';
    text += DescribeRun(runs.facts[i], runs.recordings[i]);
  }
  return text;
}

int InfoCommand(const InfoOptions& options) {
  const Result<KeptRecording> kept = LoadKeptRecording(options.file);
  if (!kept.ok()) return Fail(kFailure, kept.error());
  const int error = WriteAll(STDOUT_FILENO, DescribeRuns(kept.value().runs));
  if (error == 0 || error == EPIPE) return 0;
  return Fail(kFailure, "cannot write standard output: " + ErrnoText(error));
}

}  // namespace lineprof
