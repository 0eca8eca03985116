#include "top/recording_watch.h"

#include <span>
#include <utility>

#include "base/clock.h"
#include "recording/reader.h"

namespace lineprof {

RecordingWatch::RecordingWatch(Options options, const Selection& selection)
    : options_(std::move(options)), selection_(selection) {
  run_.current_directory = options_.current_directory;
  looks_.now.time_ns = ClockNs(CLOCK_MONOTONIC);
  looks_.start = looks_.previous = looks_.now;
}

void RecordingWatch::Look() {
  const uint64_t cpu_before = ClockNs(CLOCK_THREAD_CPUTIME_ID);
  const uint64_t now = ClockNs(CLOCK_MONOTONIC);
  ReadRecordings();
  BuildOptions build;
  build.exclude_library = options_.exclude_library;
  SourceCache no_sources;  // source_lines.h reads those that are shown
  const Profile profile = BuildProfile(std::span(&run_, 1), selection_, no_sources, build);
  looks_.previous = std::move(looks_.now);
  looks_.now = TakeCostSnapshot(profile, run_.recordings, now, places_);
  work_ = std::chrono::nanoseconds(ClockNs(CLOCK_THREAD_CPUTIME_ID) - cpu_before);
}

void RecordingWatch::ReadRecordings() {
  const Result<std::vector<std::string>> paths = ListRecordings(options_.directory);
  if (!paths.ok()) return;
  for (const std::string& path : paths.value()) {
    const auto known = index_of_.find(path);
    if (known != index_of_.end() && run_.recordings[known->second].ended) continue;
    Result<Recording> recording = ReadRecording(path);
    if (!recording.ok() || recording.value().deterministic) continue;
    if (options_.pid && recording.value().pid != *options_.pid) continue;
    if (known != index_of_.end()) {
      run_.recordings[known->second] = std::move(recording).value();
    } else {
      index_of_.emplace(path, run_.recordings.size());
      run_.recordings.push_back(std::move(recording).value());
    }
  }
}

}  // namespace lineprof
