// Files and descriptors: an owner for a descriptor, whole reads, whole writes.
//
// Thin wrappers over the system calls for code that must see errno (a full disk, a closed pipe),
// which iostreams hide. Not a virtual file system: tests use real files in a temporary directory.
// Not SIGNAL-SAFE except where said. THREAD: any. GIL: not needed.
#ifndef LINEPROF_BASE_FILE_H_
#define LINEPROF_BASE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "lineprof/result.h"

namespace lineprof {

// Owns one descriptor and closes it. Movable only.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  ~UniqueFd() { Close(); }
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.Release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept;
  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }
  int Release();
  void Close();

 private:
  int fd_ = -1;
};

// Writes all of `bytes`, going on after short and interrupted writes. Returns 0 or errno.
// SIGNAL-SAFE.
int WriteAll(int fd, std::string_view bytes);

// Reads from `fd` until its end or `limit` bytes. Fails with errno's text.
Result<std::string> ReadAll(int fd, size_t limit);

// The first `limit` bytes of the file at `path`. Fails with one line that names the file.
Result<std::string> ReadFile(const std::string& path, size_t limit);

// The text of an errno value: "No space left on device".
std::string ErrnoText(int error);

// The current working directory, or an empty string where it has been removed.
std::string CurrentDirectory();

}  // namespace lineprof

#endif  // LINEPROF_BASE_FILE_H_
