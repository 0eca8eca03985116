// Makes an archive in memory, piece by piece.
//
// Each piece is compressed as it comes, so that the recordings of a thousand processes never stand
// in memory as they are. Deterministic: the same pieces give the same bytes (of one zstd version).
// THREAD: one at a time.
#ifndef LINEPROF_ARCHIVE_WRITER_H_
#define LINEPROF_ARCHIVE_WRITER_H_

#include <string>
#include <string_view>

#include "archive/archive.h"

namespace lineprof {

// A recording as it stands in an archive: checked, compressed.
struct PackedRecording {
  std::string chunk;
};

// `bytes`: a recording's file.
PackedRecording PackRecording(std::string_view bytes);

class ArchiveWriter {
 public:
  ArchiveWriter();

  // Begins a run: what is added next belongs to it.
  void Add(const ArchivedRun& run);
  void Add(const ArchivedSource& source);
  void Add(const PackedRecording& recording);

  // The whole file. Takes it: nothing may be added any more.
  std::string Finish();

 private:
  std::string file_;
};

}  // namespace lineprof

#endif  // LINEPROF_ARCHIVE_WRITER_H_
