// Makes an archive in memory, piece by piece.
//
// Each piece is compressed as it comes, so that a run of a thousand processes never stands in
// memory uncompressed. Deterministic: the same pieces give the same bytes (of one zstd version).
// THREAD: one at a time.
#ifndef LINEPROF_ARCHIVE_WRITER_H_
#define LINEPROF_ARCHIVE_WRITER_H_

#include <string>
#include <string_view>

#include "archive/archive.h"
#include "archive/layout.h"

namespace lineprof {

class ArchiveWriter {
 public:
  ArchiveWriter();

  // Begins a run: what is added next belongs to it.
  void Add(const ArchivedRun& run);
  void Add(const ArchivedSource& source);
  // `bytes`: a recording's file.
  void AddRecording(std::string_view bytes);

  // The whole file. Takes it: nothing may be added any more.
  std::string Finish();

 private:
  void AddChunk(ChunkType type, std::string_view bytes);

  std::string file_;
};

}  // namespace lineprof

#endif  // LINEPROF_ARCHIVE_WRITER_H_
