#include "archive/reader.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "archive/checksum.h"
#include "archive/fields.h"

namespace lineprof {
namespace {

// What zstd mostly makes of a recording, and more: room for that much is made at once.
constexpr uint64_t kUsualCompression = 32;

// `stored`, one whole zstd frame of `size` bytes; nothing if it is not. Grows step by step: a frame
// that claims more than it holds costs no memory.
std::optional<std::string> Decompress(std::string_view stored, uint64_t size) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                     ZSTD_freeDCtx);
  std::string bytes;
  bytes.reserve(std::min<uint64_t>(size + 1, stored.size() * kUsualCompression));
  ZSTD_inBuffer in{stored.data(), stored.size(), 0};
  const size_t step = ZSTD_DStreamOutSize();
  while (true) {
    const size_t used = bytes.size();
    // One byte more than expected, so that a frame that goes on is seen to.
    bytes.resize(used + std::min<uint64_t>(step, size - used + 1));
    ZSTD_outBuffer out{bytes.data() + used, bytes.size() - used, 0};
    const size_t left = ZSTD_decompressStream(context.get(), &out, &in);
    bytes.resize(used + out.pos);
    if (ZSTD_isError(left) != 0 || bytes.size() > size) return std::nullopt;
    if (left == 0) break;
    if (out.pos == 0 && in.pos == in.size) return std::nullopt;  // cut off
  }
  if (in.pos != in.size || bytes.size() != size) return std::nullopt;
  return bytes;
}

// False if the bytes are no run's fields.
bool DecodeRun(std::string_view bytes, ArchivedRun& run) {
  FieldReader fields(bytes);
  while (fields.Next()) {
    switch (static_cast<RunField>(fields.tag())) {
      case RunField::kLineprofVersion:
        run.lineprof_version = fields.text();
        break;
      case RunField::kHost:
        run.host = fields.text();
        break;
      case RunField::kRank:
        run.rank = fields.text();
        break;
      case RunField::kCommand:
        run.command.emplace_back(fields.text());
        break;
      case RunField::kCurrentDirectory:
        run.current_directory = fields.text();
        break;
      case RunField::kPeriodNs:
        run.period_ns = fields.Number();
        break;
      case RunField::kClock:
        run.clock = fields.Number() == 1 ? Clock::kCpu : Clock::kWall;
        break;
      case RunField::kMainThreadOnly:
        run.main_thread_only = fields.Number() != 0;
        break;
      case RunField::kStartRealtimeNs:
        run.start_realtime_ns = fields.Number();
        break;
      case RunField::kDurationNs:
        run.duration_ns = fields.Number();
        break;
      case RunField::kEndedBySignal:
        run.ended_by_signal = fields.Number() != 0;
        break;
      case RunField::kEndValue:
        run.end_value = fields.Number();
        break;
    }
  }
  return fields.ok();
}

void SplitLines(std::string_view text, std::vector<std::string>& lines) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

bool DecodeSource(std::string_view bytes, ArchivedSource& source) {
  FieldReader fields(bytes);
  while (fields.Next()) {
    switch (static_cast<SourceField>(fields.tag())) {
      case SourceField::kPath:
        source.path = fields.text();
        break;
      case SourceField::kIsRead:
        source.text.state =
            fields.Number() == 1 ? SourceText::State::kRead : SourceText::State::kMissing;
        break;
      case SourceField::kNote:
        source.text.note = fields.text();
        break;
      case SourceField::kText:
        SplitLines(fields.text(), source.text.lines);
        break;
    }
  }
  return fields.ok();
}

}  // namespace

Error ArchiveReader::Failure(std::string_view what) const {
  return Error{name_ + ": " + std::string(what)};
}

Result<ArchiveReader> ArchiveReader::Open(std::string_view bytes, std::string name) {
  ArchiveReader reader(bytes, std::move(name));
  const std::string_view magic(kArchiveMagic, sizeof(kArchiveMagic));
  if (bytes.empty()) return reader.Failure("not a lineprof file: empty");
  if (!magic.starts_with(bytes.substr(0, magic.size())))
    return reader.Failure("not a lineprof file");
  uint32_t version = 0;
  if (bytes.size() < magic.size() + sizeof(version))
    return reader.Failure("truncated lineprof file");
  std::memcpy(&version, bytes.data() + magic.size(), sizeof(version));
  if (version > kArchiveVersion) {
    return reader.Failure("made by a newer lineprof: version " + std::to_string(version) +
                          " of the format; this one reads version " +
                          std::to_string(kArchiveVersion));
  }
  if (version == 0) return reader.Failure("damaged lineprof file: version 0");
  reader.rest_.remove_prefix(magic.size() + sizeof(version));
  return reader;
}

Result<ArchiveReader::Chunk> ArchiveReader::TakeChunk() {
  ChunkHeader header{};
  if (rest_.size() < sizeof(header)) return Failure("truncated lineprof file");
  std::memcpy(&header, rest_.data(), sizeof(header));
  rest_.remove_prefix(sizeof(header));
  // A flipped bit in the size looks like a file that was cut off, and the other way round.
  if (header.stored_size > rest_.size()) return Failure("truncated or damaged lineprof file");
  const std::string_view stored = rest_.substr(0, header.stored_size);
  rest_.remove_prefix(stored.size());
  if (ChunkChecksum(header, stored) != header.checksum) {
    return Failure("damaged lineprof file: wrong checksum");
  }
  std::optional<std::string> bytes;
  if (header.size <= kMaxChunkBytes) bytes = Decompress(stored, header.size);
  if (!bytes) return Failure("damaged lineprof file: a part cannot be decompressed");
  return Chunk{static_cast<ChunkType>(header.type), *std::move(bytes)};
}

Result<std::optional<ArchiveItem>> ArchiveReader::Next() {
  Result<Chunk> chunk = TakeChunk();
  if (!chunk.ok()) return Error{chunk.error()};
  return ToItem(std::move(chunk).value());
}

Result<std::optional<ArchiveItem>> ArchiveReader::ToItem(Chunk chunk) {
  const Error no_fields = Failure("damaged lineprof file: a part's fields cannot be read");
  if (chunk.type != ChunkType::kRun && !in_run_) {
    return Failure("damaged lineprof file: it does not begin with a run");
  }
  switch (chunk.type) {
    case ChunkType::kRun: {
      in_run_ = true;
      ArchivedRun run;
      if (!DecodeRun(chunk.bytes, run)) return no_fields;
      return std::optional<ArchiveItem>(std::move(run));
    }
    case ChunkType::kRecording:
      return std::optional<ArchiveItem>(ArchivedRecording{std::move(chunk.bytes)});
    case ChunkType::kSource: {
      ArchivedSource source;
      if (!DecodeSource(chunk.bytes, source)) return no_fields;
      return std::optional<ArchiveItem>(std::move(source));
    }
    case ChunkType::kEnd:
      if (!rest_.empty()) return Failure("damaged lineprof file: bytes after its end");
      return std::optional<ArchiveItem>();
  }
  return Failure("damaged lineprof file: a part of unknown type");
}

}  // namespace lineprof
