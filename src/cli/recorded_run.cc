#include "cli/recorded_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/file.h"
#include "cli/message.h"
#include "cli/summary.h"
#include "profile/file_name.h"
#include "recording/reader.h"

namespace lineprof {

RecordedRun::RecordedRun(const ArchivedRun& facts, const std::vector<ReportOutput>& outputs,
                         RecordingDirectory& directory, bool verbose)
    : outputs_(outputs),
      directory_(directory),
      verbose_(verbose),
      sources_(facts.start_realtime_ns),
      runs_{{facts}, {{{}, facts.current_directory, LabelOf(facts)}}} {}

void RecordedRun::ReadRecordings() {
  const Result<std::vector<std::string>> paths = ListRecordings(directory_.path());
  if (!paths.ok()) {
    PrintMessage(paths.error());
    return;
  }
  for (const std::string& path : paths.value()) Add(path);
}

void RecordedRun::Add(const std::string& path) {
  const Result<std::string> bytes = ReadRecordingBytes(path);
  Result<Recording> recording =
      bytes.ok() ? DecodeRecording(bytes.value(), path) : Error{bytes.error()};
  if (!recording.ok()) {
    PrintMessage(recording.error() + "; it is kept");
    directory_.Keep();
    return;
  }
  if (verbose_) {
    PrintMessage(fmt::format("read {}: process {}, {} samples", path, recording.value().pid,
                             recording.value().cpu_samples + recording.value().wait_samples));
  }
  recordings().push_back(std::move(recording).value());
  const bool is_kept = std::any_of(outputs_.begin(), outputs_.end(),
                                   [](const auto& output) { return output.format() == nullptr; });
  if (is_kept) packed_.push_back(PackRecording(bytes.value()));
}

void RecordedRun::TellOfRefusals() {
  std::set<std::string> told;
  for (const Recording& recording : recordings()) {
    const bool is_new = !recording.refusal.empty() && told.insert(recording.refusal).second;
    if (is_new) PrintMessage(recording.refusal);
  }
}

std::string RecordedRun::MakeArchive(const int64_t* pid) {
  ArchiveWriter archive;
  archive.Add(facts());
  std::set<std::string> paths;
  for (size_t i = 0; i < recordings().size(); i++) {
    if (pid != nullptr && recordings()[i].pid != *pid) continue;
    archive.Add(packed_[i]);
    for (const RecordedCode& code : recordings()[i].codes) {
      const std::string path = SourcePath(code.filename, recordings()[i].working_directory);
      if (!path.empty()) paths.insert(path);
    }
  }
  for (const std::string& path : paths) archive.Add(ArchivedSource{path, sources_.Take(path)});
  return archive.Finish();
}

Result<void> RecordedRun::WriteReports(const Selection& selection,
                                       const ReportingOptions& reporting, Clock clock, bool quiet) {
  const ReportJob job(runs_, selection, reporting, clock, sources_);
  const Result<void> written =
      job.Write(outputs_, [this](const int64_t* pid) { return MakeArchive(pid); });
  const bool in_a_file = std::any_of(outputs_.begin(), outputs_.end(), [](const auto& output) {
    return !output.is_standard_output();
  });
  if (written.ok() && in_a_file && !quiet) {
    WriteAll(STDERR_FILENO, FormatSummary(job.profile()));
  }
  return written;
}

}  // namespace lineprof
