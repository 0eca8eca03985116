#include "gzip_output.h"

#include <new>

namespace lineprof {
namespace {

constexpr int kWindowBits = 15 + 16;  // zlib's largest window; 16 more ask for gzip
constexpr int kMemoryLevel = 8;       // zlib's default
constexpr size_t kBufferSize = size_t{1} << 16;

}  // namespace

GzipOutput::GzipOutput(std::ostream& out) : out_(out), buffer_(kBufferSize) {
  const int status = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kWindowBits,
                                  kMemoryLevel, Z_DEFAULT_STRATEGY);
  if (status != Z_OK) throw std::bad_alloc();
}

GzipOutput::~GzipOutput() { deflateEnd(&stream_); }

void GzipOutput::Compress(std::string_view bytes, int flush) {
  // zlib does not write to its input.
  stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream_.avail_in = static_cast<uInt>(bytes.size());
  do {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    deflate(&stream_, flush);
    const size_t written = buffer_.size() - stream_.avail_out;
    out_.write(buffer_.data(), static_cast<std::streamsize>(written));
  } while (stream_.avail_out == 0);
}

}  // namespace lineprof
