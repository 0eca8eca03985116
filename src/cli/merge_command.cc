#include "cli/merge_command.h"

#include <string>

#include "archive/writer.h"
#include "output/kept_recording.h"
#include "output/message.h"
#include "output/output_file.h"
#include "recording/reader.h"

namespace lineprof {
namespace {

// Adds what is read to an archive, if it is sound.
class Copier {
 public:
  Copier(std::string path, ArchiveWriter& archive) : path_(std::move(path)), archive_(archive) {}

  Result<void> operator()(const ArchivedRun& run) {
    archive_.Add(run);
    return {};
  }
  Result<void> operator()(const ArchivedRecording& recording) {
    const Result<Recording> decoded = DecodeRecording(recording.bytes, path_);
    if (!decoded.ok()) return Error{decoded.error()};
    archive_.Add(PackRecording(recording.bytes));
    return {};
  }
  Result<void> operator()(const ArchivedSource& source) {
    archive_.Add(source);
    return {};
  }

 private:
  std::string path_;
  ArchiveWriter& archive_;
};

}  // namespace

int MergeCommand(const MergeOptions& options) {
  const Result<OutputFile> output = OutputFile::Open(options.output);
  if (!output.ok()) return Fail(kUsage, output.error());
  ArchiveWriter archive;
  for (const std::string& file : options.files) {
    Copier copier(file, archive);
    const Result<void> copied =
        VisitArchive(file, [&](const ArchiveItem& item) { return std::visit(copier, item); });
    if (!copied.ok()) return Fail(kFailure, copied.error());
  }
  const Result<void> written = output.value().Write(archive.Finish());
  return written.ok() ? 0 : Fail(kFailure, written.error());
}

}  // namespace lineprof
