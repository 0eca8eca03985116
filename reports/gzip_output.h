// Compresses a report as gzip (RFC 1952), piece by piece: zlib behind a small door.
//
// The header holds no time and no file name: the same bytes give the same file. THREAD: one.
#ifndef LINEPROF_REPORTS_GZIP_OUTPUT_H_
#define LINEPROF_REPORTS_GZIP_OUTPUT_H_

#include <zlib.h>

#include <ostream>
#include <string_view>
#include <vector>

namespace lineprof {

class GzipOutput {
 public:
  // Throws std::bad_alloc without memory.
  explicit GzipOutput(std::ostream& out);
  ~GzipOutput();
  GzipOutput(const GzipOutput&) = delete;
  GzipOutput& operator=(const GzipOutput&) = delete;

  void Append(std::string_view bytes) { Compress(bytes, Z_NO_FLUSH); }

  // Writes what is left. Must be called once, last.
  void Finish() { Compress({}, Z_FINISH); }

 private:
  void Compress(std::string_view bytes, int flush);

  std::ostream& out_;
  z_stream stream_{};
  std::vector<char> buffer_;
};

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_GZIP_OUTPUT_H_
