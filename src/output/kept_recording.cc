#include "output/kept_recording.h"

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <utility>

#include "archive/reader.h"
#include "base/file.h"
#include "profile/file_name.h"
#include "recording/reader.h"

namespace lineprof {
namespace {

constexpr size_t kMaxArchiveBytes = size_t{1} << 36;
constexpr size_t kBeginning = 64;  // bytes: tells what is no archive

// Sources of several runs. The same file may have had another text in another run.
class SourceMerge {
 public:
  void Add(ArchivedSource source, const std::string& current_directory) {
    const std::string shown = ShownName(source.path, source.path, current_directory);
    texts_.try_emplace(source.path, source.text);
    const std::string& first = first_of_name_.try_emplace(shown, source.path).first->second;
    if (texts_[first].lines != source.text.lines) {
      differing_.insert(first);
      differing_.insert(source.path);
    }
  }

  SourceCache Take() {
    SourceCache sources;
    for (auto& [path, text] : texts_) {
      if (differing_.contains(path)) {
        text.note += text.note.empty() ? "" : "; ";
        text.note += "the runs had different texts: this is the first one's";
      }
      sources.Add(path, std::move(text));
    }
    return sources;
  }

 private:
  std::map<std::string, SourceText> texts_;           // by path
  std::map<std::string, std::string> first_of_name_;  // shown name -> path
  std::set<std::string> differing_;                   // paths
};

// CLOCK_MONOTONIC differs between machines and between boots; CLOCK_REALTIME does not.
void PutOnOneTimeAxis(std::vector<RunRecordings>& runs) {
  for (RunRecordings& run : runs) {
    for (Recording& recording : run.recordings) {
      const uint64_t duration = recording.end_monotonic_ns - recording.start_monotonic_ns;
      recording.start_monotonic_ns = recording.start_realtime_ns;
      recording.end_monotonic_ns = recording.start_realtime_ns + duration;
    }
  }
}

class Loader {
 public:
  explicit Loader(std::string path) : path_(std::move(path)) {}

  Result<void> operator()(ArchivedRun run) {
    if (!runs_.facts.empty() && ModeOf(run) != ModeOf(runs_.facts[0])) {
      return Error{path_ + ": some of its runs were counted, some sampled: they do not add up"};
    }
    runs_.recordings.push_back({{}, run.current_directory, LabelOf(run)});
    runs_.facts.push_back(std::move(run));
    return {};
  }
  Result<void> operator()(const ArchivedRecording& kept) {
    Result<Recording> recording = DecodeRecording(kept.bytes, path_);
    if (!recording.ok()) return Error{recording.error()};
    runs_.recordings.back().recordings.push_back(std::move(recording).value());
    return {};
  }
  Result<void> operator()(ArchivedSource source) {
    sources_.Add(std::move(source), runs_.facts.back().current_directory);
    return {};
  }

  KeptRecording Take() {
    if (runs_.facts.size() > 1) PutOnOneTimeAxis(runs_.recordings);
    return {std::move(runs_), sources_.Take()};
  }

 private:
  std::string path_;
  RecordedRuns runs_;
  SourceMerge sources_;
};

}  // namespace

Result<void> VisitArchive(const std::string& path,
                          const std::function<Result<void>(ArchiveItem)>& visit) {
  // Whatever else opens may never end, or wait.
  std::error_code error;
  const bool is_other =
      std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error);
  if (is_other) return Error{path + ": not a regular file"};
  // Something else may be as long as it likes: it is refused before it is read.
  const Result<std::string> beginning = ReadFile(path, kBeginning);
  if (!beginning.ok()) return Error{beginning.error()};
  const Result<ArchiveReader> known = ArchiveReader::Open(beginning.value(), path);
  if (!known.ok()) return Error{known.error()};
  const Result<std::string> bytes = ReadFile(path, kMaxArchiveBytes);
  if (!bytes.ok()) return Error{bytes.error()};
  Result<ArchiveReader> reader = ArchiveReader::Open(bytes.value(), path);
  if (!reader.ok()) return Error{reader.error()};
  while (true) {
    Result<std::optional<ArchiveItem>> item = reader.value().Next();
    if (!item.ok()) return Error{item.error()};
    if (!item.value()) return {};
    const Result<void> visited = visit(*std::move(item).value());
    if (!visited.ok()) return visited;
  }
}

Result<KeptRecording> LoadKeptRecording(const std::string& path) {
  Loader loader(path);
  const Result<void> visited =
      VisitArchive(path, [&](ArchiveItem item) { return std::visit(loader, std::move(item)); });
  if (!visited.ok()) return Error{visited.error()};
  return loader.Take();
}

}  // namespace lineprof
