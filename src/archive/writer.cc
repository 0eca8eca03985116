#include "archive/writer.h"

#include <zstd.h>

#include <cstring>
#include <utility>

#include "archive/checksum.h"
#include "archive/fields.h"
#include "archive/layout.h"

namespace lineprof {

namespace {

// zstd's own default: a recording shrinks to a few percent in milliseconds.
constexpr int kCompressionLevel = 3;

// Appends a chunk to `file`.
void AppendChunk(ChunkType type, std::string_view bytes, std::string& file) {
  const size_t begin = file.size();
  const size_t bound = ZSTD_compressBound(bytes.size());
  file.resize(begin + sizeof(ChunkHeader) + bound);
  char* stored = file.data() + begin + sizeof(ChunkHeader);
  // Cannot fail: the level is valid and there is room for the worst case.
  const size_t stored_size =
      ZSTD_compress(stored, bound, bytes.data(), bytes.size(), kCompressionLevel);
  ChunkHeader header{static_cast<uint32_t>(type), 0, stored_size, bytes.size()};
  header.checksum = ChunkChecksum(header, {stored, stored_size});
  std::memcpy(file.data() + begin, &header, sizeof(header));
  file.resize(begin + sizeof(ChunkHeader) + stored_size);
}

}  // namespace

PackedRecording PackRecording(std::string_view bytes) {
  PackedRecording packed;
  AppendChunk(ChunkType::kRecording, bytes, packed.chunk);
  packed.chunk.shrink_to_fit();
  return packed;
}

ArchiveWriter::ArchiveWriter() : file_(kArchiveMagic, sizeof(kArchiveMagic)) {
  file_.append(reinterpret_cast<const char*>(&kArchiveVersion), sizeof(kArchiveVersion));
}

void ArchiveWriter::Add(const ArchivedRun& run) {
  FieldWriter fields;
  fields.Text(RunField::kLineprofVersion, run.lineprof_version);
  fields.Text(RunField::kHost, run.host);
  fields.Text(RunField::kRank, run.rank);
  for (const std::string& word : run.command) fields.Text(RunField::kCommand, word);
  fields.Text(RunField::kCurrentDirectory, run.current_directory);
  fields.Number(RunField::kPeriodNs, run.period_ns);
  fields.Number(RunField::kClock, run.clock == Clock::kCpu ? 1 : 0);
  fields.Number(RunField::kMainThreadOnly, run.main_thread_only ? 1 : 0);
  fields.Number(RunField::kStartRealtimeNs, run.start_realtime_ns);
  fields.Number(RunField::kDurationNs, run.duration_ns);
  fields.Number(RunField::kEndedBySignal, run.ended_by_signal ? 1 : 0);
  fields.Number(RunField::kEndValue, run.end_value);
  AppendChunk(ChunkType::kRun, fields.bytes(), file_);
}

void ArchiveWriter::Add(const ArchivedSource& source) {
  std::string text;
  for (const std::string& line : source.text.lines) (text += line) += '\n';
  FieldWriter fields;
  fields.Text(SourceField::kPath, source.path);
  fields.Number(SourceField::kIsRead, source.text.state == SourceText::State::kRead ? 1 : 0);
  fields.Text(SourceField::kNote, source.text.note);
  fields.Text(SourceField::kText, text);
  AppendChunk(ChunkType::kSource, fields.bytes(), file_);
}

void ArchiveWriter::Add(const PackedRecording& recording) { file_ += recording.chunk; }

std::string ArchiveWriter::Finish() {
  AppendChunk(ChunkType::kEnd, {}, file_);
  return std::move(file_);
}

}  // namespace lineprof
