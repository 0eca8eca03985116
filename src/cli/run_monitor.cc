#include "cli/run_monitor.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "profile/file_name.h"
#include "recording/reader.h"

namespace lineprof {
namespace {

constexpr std::chrono::milliseconds kPeriod{250};
constexpr uint64_t kRestPerWork = 100;  // 1 % of one CPU

// Whether the process sees other files under the same names.
bool HasOwnMounts(int64_t pid) {
  struct stat own, its;
  const std::string path = "/proc/" + std::to_string(pid) + "/ns/mnt";
  return stat("/proc/self/ns/mnt", &own) == 0 && stat(path.c_str(), &its) == 0 &&
         own.st_ino != its.st_ino;
}

}  // namespace

RunMonitor::RunMonitor(std::string directory, SourceCache& sources, ProgressLine& progress,
                       bool through_roots)
    : directory_(std::move(directory)),
      sources_(sources),
      progress_(progress),
      through_roots_(through_roots),
      elsewhere_(ClockNs(CLOCK_REALTIME)),
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
  const std::string root = "/proc/" + std::to_string(recording.pid) + "/root";
  const bool is_elsewhere = through_roots_ && HasOwnMounts(recording.pid);
  for (const RecordedCode& code : recording.codes) {
    const std::string path = SourcePath(code.filename, recording.working_directory);
    if (path.empty() || !seen_.insert(path).second) continue;
    if (is_elsewhere) sources_.Add(path, elsewhere_.Take(root + path));
    if (!is_elsewhere) sources_.Load(path);
  }
}

}  // namespace lineprof
