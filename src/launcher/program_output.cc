#include "launcher/program_output.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace lineprof {
namespace {

constexpr size_t kPieceBytes = 65536;
constexpr size_t kTailBytes = 32768;
constexpr uint64_t kTrimStep = uint64_t{1} << 20;

// The bytes of `fd` from `offset`, at most `size`.
std::string ReadAt(int fd, uint64_t offset, size_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = pread(fd, bytes.data(), size, static_cast<off_t>(offset));
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

}  // namespace

Result<ProgramOutput> ProgramOutput::Redirect(const std::string& path) {
  ProgramOutput output;
  // Appending: the program's processes write where the file ends, each after the other.
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  output.file_ = UniqueFd(open(path.c_str(), O_RDWR | O_CLOEXEC));
  const UniqueFd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!file.ok() || !output.file_.ok() || !nothing.ok()) {
    return Error{"cannot keep the program's output: " + path + ": " + ErrnoText(errno)};
  }
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (isatty(fd) == 0) continue;
    UniqueFd original(fcntl(fd, F_DUPFD_CLOEXEC, 3));
    const int replacement = fd == STDIN_FILENO ? nothing.get() : file.get();
    if (!original.ok() || dup2(replacement, fd) != fd) {
      return Error{"cannot redirect the program's output: " + ErrnoText(errno)};
    }
    output.originals_[static_cast<size_t>(fd)] = std::move(original);
  }
  return output;
}

void ProgramOutput::Restore() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    UniqueFd& original = originals_[static_cast<size_t>(fd)];
    if (!original.ok()) continue;
    dup2(original.get(), fd);
    original.Close();
  }
}

uint64_t ProgramOutput::Size() const {
  struct stat status {};
  return fstat(file_.get(), &status) == 0 ? static_cast<uint64_t>(status.st_size) : 0;
}

std::vector<std::string> ProgramOutput::LastLines(size_t count) const {
  const uint64_t size = Size();
  const uint64_t begin = size - std::min<uint64_t>(size, kTailBytes);
  const std::string bytes = ReadAt(file_.get(), begin, kTailBytes);
  std::string_view rest = bytes;
  if (rest.ends_with('\n')) rest.remove_suffix(1);
  std::vector<std::string> lines;
  bool has_more = !bytes.empty();
  while (has_more && lines.size() < count) {
    const size_t end = rest.rfind('\n');
    has_more = end != std::string_view::npos;
    lines.emplace_back(rest.substr(has_more ? end + 1 : 0));
    rest = rest.substr(0, has_more ? end : 0);
  }
  std::reverse(lines.begin(), lines.end());
  return lines;
}

void ProgramOutput::Trim() {
  const uint64_t size = Size();
  if (size < trimmed_ + kKeptBytes + kTrimStep) return;
  const uint64_t end = (size - kKeptBytes) / kTrimStep * kTrimStep;
  const bool done = fallocate(file_.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                              static_cast<off_t>(end)) == 0;
  if (done) trimmed_ = end;
}

void ProgramOutput::Forward() {
  if (forwarded_ < trimmed_) {
    WriteAll(STDOUT_FILENO, "lineprof: of the program's output, the first " +
                                std::to_string(trimmed_) + " bytes were not kept\n");
    forwarded_ = trimmed_;
  }
  for (;;) {
    const std::string piece = ReadAt(file_.get(), forwarded_, kPieceBytes);
    if (piece.empty() || WriteAll(STDOUT_FILENO, piece) != 0) return;
    forwarded_ += piece.size();
  }
}

}  // namespace lineprof
