// Throws bytes at the reader of archives, and what it lets pass at the reader of recordings.
//
// A checksum would stop nearly everything at the door, and hardly any random bytes are a zstd
// frame. So the first byte of an input chooses: the rest is a file whose checksums are set right,
// or it is the contents of chunks, which are packed as the writer does. See scripts/fuzz.

#include <zstd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

#include "archive/checksum.h"
#include "archive/layout.h"
#include "archive/reader.h"
#include "recording/reader.h"

namespace lineprof {
namespace {

constexpr size_t kFileHeader = sizeof(kArchiveMagic) + sizeof(kArchiveVersion);

std::string WithRightChecksums(std::string file) {
  size_t at = kFileHeader;
  while (file.size() > at && file.size() - at >= sizeof(ChunkHeader)) {
    ChunkHeader header;
    std::memcpy(&header, file.data() + at, sizeof(header));
    const size_t stored = at + sizeof(header);
    if (header.stored_size > file.size() - stored) break;
    header.checksum = ChunkChecksum(header, {file.data() + stored, header.stored_size});
    std::memcpy(file.data() + at, &header, sizeof(header));
    at = stored + header.stored_size;
  }
  return file;
}

void AppendChunk(uint32_t type, std::string_view bytes, std::string& file) {
  std::string stored(ZSTD_compressBound(bytes.size()), '\0');
  stored.resize(ZSTD_compress(stored.data(), stored.size(), bytes.data(), bytes.size(), 1));
  ChunkHeader header{type, 0, stored.size(), bytes.size()};
  header.checksum = ChunkChecksum(header, stored);
  file.append(reinterpret_cast<const char*>(&header), sizeof(header));
  file += stored;
}

// Each chunk of `bytes`: a byte for its type, two for its size, and what it holds.
std::string FileOfChunks(std::string_view bytes) {
  std::string file(kArchiveMagic, sizeof(kArchiveMagic));
  file.append(reinterpret_cast<const char*>(&kArchiveVersion), sizeof(kArchiveVersion));
  while (bytes.size() >= 3) {
    const auto type = static_cast<uint8_t>(bytes[0]);
    uint16_t size = 0;
    std::memcpy(&size, bytes.data() + 1, sizeof(size));
    bytes.remove_prefix(3);
    AppendChunk(type, bytes.substr(0, size), file);
    bytes.remove_prefix(std::min<size_t>(size, bytes.size()));
  }
  AppendChunk(static_cast<uint32_t>(ChunkType::kEnd), {}, file);
  return file;
}

void ReadAll(const std::string& file) {
  Result<ArchiveReader> reader = ArchiveReader::Open(file, "fuzz");
  while (reader.ok()) {
    const Result<std::optional<ArchiveItem>> item = reader.value().Next();
    if (!item.ok() || !item.value()) return;
    const auto* recording = std::get_if<ArchivedRecording>(&*item.value());
    if (recording != nullptr) (void)DecodeRecording(recording->bytes, "fuzz").ok();
  }
}

}  // namespace
}  // namespace lineprof

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  lineprof::ReadAll(data[0] % 2 == 0 ? lineprof::WithRightChecksums(rest)
                                     : lineprof::FileOfChunks(rest));
  return 0;
}
