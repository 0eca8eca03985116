// Reads an archive, piece by piece.
//
// Believes nothing: sizes are checked against the bytes at hand, checksums before anything is
// decompressed, and memory grows with what is really there. THREAD: any, one at a time per object.
#ifndef LINEPROF_ARCHIVE_READER_H_
#define LINEPROF_ARCHIVE_READER_H_

#include <optional>
#include <string>
#include <string_view>

#include "archive/archive.h"
#include "archive/layout.h"
#include "lineprof/result.h"

namespace lineprof {

class ArchiveReader {
 public:
  // `bytes`: a whole file, which must outlive the reader; `name` stands for it in messages. Fails
  // with one line if it is no archive, or one of a newer lineprof.
  static Result<ArchiveReader> Open(std::string_view bytes, std::string name);

  // The next piece; nothing after the last one of a whole file. Fails with one line that names the
  // file on anything that is cut off or damaged. The first piece is a run.
  Result<std::optional<ArchiveItem>> Next();

 private:
  struct Chunk {
    ChunkType type;
    std::string bytes;
  };
  ArchiveReader(std::string_view rest, std::string name) : rest_(rest), name_(std::move(name)) {}

  Error Failure(std::string_view what) const;
  Result<Chunk> TakeChunk();
  Result<std::optional<ArchiveItem>> ToItem(Chunk chunk);

  std::string_view rest_;
  std::string name_;
  bool in_run_ = false;
};

}  // namespace lineprof

#endif  // LINEPROF_ARCHIVE_READER_H_
