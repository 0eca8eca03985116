#include "cli/run_monitor.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "profile/file_name.h"
#include "recording/reader.h"

namespace lineprof {
namespace {

constexpr std::chrono::milliseconds kPeriod{250};
constexpr uint64_t kRestPerWork = 100;  // 1 % of one CPU

}  // namespace

RunMonitor::RunMonitor(std::string directory, SourceCache& sources, ProgressLine& progress)
    : directory_(std::move(directory)),
      sources_(sources),
      progress_(progress),
      start_ns_(ClockNs(CLOCK_MONOTONIC)) {}

std::chrono::nanoseconds RunMonitor::Look() {
  const uint64_t cpu_before = ClockNs(CLOCK_PROCESS_CPUTIME_ID);
  ProgressFacts facts = ReadRecordings();
  facts.elapsed_s = static_cast<double>(ClockNs(CLOCK_MONOTONIC) - start_ns_) / kNsPerSecond;
  progress_.Show(facts);
  const std::chrono::nanoseconds work(ClockNs(CLOCK_PROCESS_CPUTIME_ID) - cpu_before);
  return std::max<std::chrono::nanoseconds>(kPeriod, work * kRestPerWork);
}

ProgressFacts RunMonitor::ReadRecordings() {
  ProgressFacts facts;
  const Result<std::vector<std::string>> paths = ListRecordings(directory_);
  if (!paths.ok()) return facts;
  for (const std::string& path : paths.value()) {
    const Result<Recording> recording = ReadRecording(path);
    if (!recording.ok()) continue;
    LoadSources(recording.value());
    facts.samples += recording.value().cpu_samples + recording.value().wait_samples;
    ++facts.processes;
  }
  return facts;
}

void RunMonitor::LoadSources(const Recording& recording) {
  for (const RecordedCode& code : recording.codes) {
    const std::string path = SourcePath(code.filename, recording.working_directory);
    if (!path.empty() && seen_.insert(path).second) sources_.Load(path);
  }
}

}  // namespace lineprof
