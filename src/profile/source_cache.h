// The sources of profiled files, taken while they are as they ran.
//
// The launcher calls Load for each file name it sees in a recording, while the program runs and
// once more at its end; the first successful read is kept. A file that changed after `run_start`
// (its mtime is newer, or a later look finds another mtime or size) gets a note. Only regular files
// of a sane size are read: a profiled name may be anything, a FIFO too.
//
// Or it holds texts that were taken before (an archive's) and looks at no file.
//
// Owns the texts it read. THREAD: one at a time.
#ifndef LINEPROF_PROFILE_SOURCE_CACHE_H_
#define LINEPROF_PROFILE_SOURCE_CACHE_H_

#include <cstdint>
#include <map>
#include <string>

#include "lineprof/source.h"

namespace lineprof {

// Decodes the bytes of a Python source file to UTF-8 lines: PEP 263 cookie, byte order mark,
// universal newlines (\n, \r\n, \r and nothing else ends a line); an undecodable byte becomes
// U+FFFD. An encoding that is not known here is read as UTF-8, with a note. THREAD: any.
SourceText DecodeSource(const std::string& bytes);

class SourceCache {
 public:
  // A file larger than this is not read, and noted.
  static constexpr int64_t kMaxBytes = int64_t{64} << 20;

  // run_start: CLOCK_REALTIME nanoseconds; a file modified after it may not be what ran.
  explicit SourceCache(uint64_t run_start_realtime_ns);

  // One that reads no file: it has what Add gives it.
  SourceCache();

  // Keeps `text` as that of `path` (absolute), unless it has one. It is not compared with the file.
  void Add(const std::string& path, SourceText text);

  // Reads `path` (absolute) unless it is here already. Never fails: a file that cannot be read is
  // State::kMissing with a note.
  void Load(const std::string& path);

  // What Load kept; loads it now if it never was. Notes a change since it was read.
  SourceText Take(const std::string& path);

 private:
  struct Entry {
    SourceText text;
    int64_t mtime_ns = 0;
    int64_t size = 0;
  };

  // The file as it is now.
  Entry Read(const std::string& path) const;

  bool reads_files_;
  uint64_t run_start_ns_;
  std::map<std::string, Entry> entries_;
};

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_SOURCE_CACHE_H_
