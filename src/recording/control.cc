#include "recording/control.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/file.h"

namespace lineprof {
namespace {

constexpr char kName[] = "control";

std::string PathIn(const std::string& directory) { return directory + "/" + kName; }

// One write of four bytes: whoever maps the file sees it whole.
Result<void> WriteWord(const std::string& path, int flags, bool paused) {
  const UniqueFd fd(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW | flags, 0600));
  const ControlWord word{paused ? 1U : 0U};
  if (fd.ok() && pwrite(fd.get(), &word, sizeof(word), 0) == sizeof(word)) return {};
  return Error{path + ": " + ErrnoText(errno)};
}

}  // namespace

Result<void> CreateControl(const std::string& directory, bool paused) {
  return WriteWord(PathIn(directory), O_CREAT | O_EXCL, paused);
}

Result<bool> ReadPaused(const std::string& directory) {
  const std::string path = PathIn(directory);
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  ControlWord word{};
  if (fd.ok() && pread(fd.get(), &word, sizeof(word), 0) == sizeof(word)) return word.paused != 0;
  return Error{path + ": " + ErrnoText(errno)};
}

Result<void> WritePaused(const std::string& directory, bool paused) {
  return WriteWord(PathIn(directory), 0, paused);
}

const ControlWord* MapControl(const char* directory) {
  char path[4096];
  const int length = std::snprintf(path, sizeof(path), "%s/%s", directory, kName);
  if (length < 0 || static_cast<size_t>(length) >= sizeof(path)) return nullptr;
  const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return nullptr;
  // A page of a shorter file would be a SIGBUS.
  const bool is_whole = lseek(fd, 0, SEEK_END) >= static_cast<off_t>(sizeof(ControlWord));
  void* const page =
      is_whole ? mmap(nullptr, sizeof(ControlWord), PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
  close(fd);
  return page == MAP_FAILED ? nullptr : static_cast<const ControlWord*>(page);
}

}  // namespace lineprof
