#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

namespace lineprof {

UniqueFd& UniqueFd::operator=(UniqueFd&& other) noexcept {
  if (this != &other) {
    Close();
    fd_ = other.Release();
  }
  return *this;
}

int UniqueFd::Release() { return std::exchange(fd_, -1); }

void UniqueFd::Close() {
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
}

int WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      return errno;
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return 0;
}

Result<std::string> ReadAll(int fd, size_t limit) {
  std::string bytes;
  struct stat status;
  if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
    bytes.reserve(std::min(limit, static_cast<size_t>(status.st_size)));
  }
  std::array<char, 65536> buffer;
  while (bytes.size() < limit) {
    const size_t wanted = std::min(buffer.size(), limit - bytes.size());
    const ssize_t got = read(fd, buffer.data(), wanted);
    if (got == 0) break;
    if (got < 0) {
      if (errno == EINTR) continue;
      return Error{ErrnoText(errno)};
    }
    bytes.append(buffer.data(), static_cast<size_t>(got));
  }
  return bytes;
}

Result<std::string> ReadFile(const std::string& path, size_t limit) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd.ok()) return Error{"cannot open " + path + ": " + ErrnoText(errno)};
  Result<std::string> bytes = ReadAll(fd.get(), limit);
  if (!bytes.ok()) return Error{"cannot read " + path + ": " + bytes.error()};
  return bytes;
}

std::string ErrnoText(int error) { return std::generic_category().message(error); }

std::string CurrentDirectory() {
  std::array<char, PATH_MAX> buffer;
  return getcwd(buffer.data(), buffer.size()) == nullptr ? std::string() : buffer.data();
}

}  // namespace lineprof
