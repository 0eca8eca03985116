// The bytes of an archive: what the writer and the reader agree on. FORMAT.md is the same in prose,
// with a worked example.
//
// A sequence of chunks, each compressed and checked on its own; all numbers little-endian.
#ifndef LINEPROF_ARCHIVE_LAYOUT_H_
#define LINEPROF_ARCHIVE_LAYOUT_H_

#include <cstddef>
#include <cstdint>

namespace lineprof {

// Not text, and broken by whatever converts line ends or clears the eighth bit.
inline constexpr char kArchiveMagic[8] = {'\x89', 'L', 'P', 'F', '\r', '\n', '\x1a', '\n'};
inline constexpr uint32_t kArchiveVersion = 1;

enum class ChunkType : uint32_t {
  kRun = 1,        // fields, see RunField: begins a run
  kRecording = 2,  // a recording of the run, see src/recording/FORMAT.md
  kSource = 3,     // fields, see SourceField
  kEnd = 4,        // empty; nothing follows
};

struct ChunkHeader {
  uint32_t type;         // ChunkType
  uint32_t checksum;     // CRC-32 (zlib's) of this header, with 0 here, and of the stored bytes
  uint64_t stored_size;  // bytes that follow this header: one zstd frame
  uint64_t size;         // bytes after decompression
};
static_assert(sizeof(ChunkHeader) == 24);

// More than the largest recording or source; a file that claims more is damaged.
inline constexpr uint64_t kMaxChunkBytes = uint64_t{1} << 30;

// Numbers are eight bytes; a field that is not there is empty or 0; one that may be repeated is a
// list.
enum class RunField : uint32_t {
  kLineprofVersion = 1,
  kHost = 2,
  kRank = 3,
  kCommand = 4,  // repeated: program and arguments
  kCurrentDirectory = 5,
  kPeriodNs = 6,
  kClock = 7,  // 0 wall, 1 cpu
  kMainThreadOnly = 8,
  kStartRealtimeNs = 9,
  kDurationNs = 10,
  kEndedBySignal = 11,
  kEndValue = 12,
};

enum class SourceField : uint32_t {
  kPath = 1,
  kIsRead = 2,  // 1: kText is the file's text
  kNote = 3,
  kText = 4,  // UTF-8, each line with a line feed at its end
};

}  // namespace lineprof

#endif  // LINEPROF_ARCHIVE_LAYOUT_H_
