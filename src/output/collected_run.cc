#include "output/collected_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/file.h"
#include "output/message.h"
#include "profile/file_name.h"
#include "recording/layout.h"
#include "recording/reader.h"

namespace lineprof {
namespace {

// What a file begins with; nothing if it is too short.
std::optional<RecordingHeader> HeaderOf(std::string_view bytes) {
  RecordingHeader header;
  if (bytes.size() < sizeof(header)) return std::nullopt;
  std::memcpy(&header, bytes.data(), sizeof(header));
  return header;
}

std::vector<RecordingHeader> ReadHeaders(const std::vector<std::string>& paths) {
  std::vector<RecordingHeader> headers;
  for (const std::string& path : paths) {
    const Result<std::string> bytes = ReadFile(path, sizeof(RecordingHeader));
    if (!bytes.ok()) continue;
    if (const auto header = HeaderOf(bytes.value())) headers.push_back(*header);
  }
  return headers;
}

// How a process ended that did not say so itself goes into its recording, where the reader, and
// that of a kept recording, finds it.
void SettleEnd(const std::map<pid_t, ProcessEnd>& ends, const std::vector<RecordingHeader>& all,
               std::string& bytes) {
  const std::optional<RecordingHeader> header = HeaderOf(bytes);
  if (!header || header->end_kind != static_cast<uint32_t>(EndKind::kUnknown)) return;
  const bool is_followed = std::any_of(all.begin(), all.end(), [&](const RecordingHeader& other) {
    return other.pid == header->pid && other.start_monotonic_ns > header->start_monotonic_ns;
  });
  const auto pid = static_cast<pid_t>(header->pid);
  const auto end = ends.find(pid);
  auto kind = EndKind::kUnknown;
  uint32_t value = 0;
  if (is_followed) {
    kind = EndKind::kExec;
  } else if (end != ends.end()) {
    kind = end->second.by_signal ? EndKind::kSignal : EndKind::kExit;
    value = static_cast<uint32_t>(end->second.value);
  } else if (IsRunning(pid)) {
    kind = EndKind::kRunning;
  }
  std::memcpy(bytes.data() + offsetof(RecordingHeader, end_kind), &kind, sizeof(kind));
  std::memcpy(bytes.data() + offsetof(RecordingHeader, end_value), &value, sizeof(value));
}

}  // namespace

CollectedRun::CollectedRun(ArchivedRun facts, bool keeps_bytes) : keeps_bytes_(keeps_bytes) {
  runs_.recordings = {{{}, facts.current_directory, LabelOf(facts)}};
  runs_.facts.push_back(std::move(facts));
}

bool CollectedRun::Read(const std::string& directory, const std::map<pid_t, ProcessEnd>& ends,
                        bool verbose) {
  const Result<std::vector<std::string>> paths = ListRecordings(directory);
  if (!paths.ok()) {
    PrintMessage(paths.error());
    return true;
  }
  const std::vector<RecordingHeader> headers = ReadHeaders(paths.value());
  bool all_read = true;
  for (const std::string& path : paths.value()) {
    Result<std::string> bytes = ReadRecordingBytes(path);
    if (bytes.ok()) SettleEnd(ends, headers, bytes.value());
    Result<Recording> recording =
        bytes.ok() ? DecodeRecording(bytes.value(), path) : Error{bytes.error()};
    if (!recording.ok()) {
      PrintMessage(recording.error() + "; it is kept");
      all_read = false;
      continue;
    }
    if (verbose) {
      PrintMessage(fmt::format("read {}: process {}, {} samples", path, recording.value().pid,
                               recording.value().cpu_samples + recording.value().wait_samples));
    }
    runs_.recordings[0].recordings.push_back(std::move(recording).value());
    if (keeps_bytes_) packed_.push_back(PackRecording(bytes.value()));
  }
  return all_read;
}

std::string CollectedRun::MakeArchive(const int64_t* pid, SourceCache& sources) const {
  ArchiveWriter archive;
  archive.Add(runs_.facts[0]);
  std::set<std::string> paths;
  for (size_t i = 0; i < recordings().size(); i++) {
    if (pid != nullptr && recordings()[i].pid != *pid) continue;
    archive.Add(packed_[i]);
    for (const RecordedCode& code : recordings()[i].codes) {
      const std::string path = SourcePath(code.filename, recordings()[i].working_directory);
      if (!path.empty()) paths.insert(path);
    }
  }
  for (const std::string& path : paths) archive.Add(ArchivedSource{path, sources.Take(path)});
  return archive.Finish();
}

}  // namespace lineprof
