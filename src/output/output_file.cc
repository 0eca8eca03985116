#include "output/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/fd_streambuf.h"
#include "base/file.h"

namespace lineprof {
namespace {

Error CannotWrite(const std::string& name, const std::string& reason) {
  return Error{"cannot write " + name + ": " + reason};
}

// A name for the new file, in the same directory so that rename(2) works; nobody else has our pid.
std::string TemporaryName(const std::string& path) {
  const std::filesystem::path directory = std::filesystem::path(path).parent_path();
  return directory / (".lineprof-" + std::to_string(getpid()) + ".tmp");
}

UniqueFd CreateTemporary(const std::string& path) {
  constexpr mode_t kMode = 0666;  // less the umask, as a shell's `>` does
  return UniqueFd(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode));
}

// Removes the file, however its writing ends; one that was renamed is not there any more.
struct TemporaryFile {
  const std::string path;
  ~TemporaryFile() { unlink(path.c_str()); }
};

// Whether a file can be made beside `path`: tried, since access(2) knows nothing of read-only or
// odd file systems. Returns 0 or errno.
int TryToCreateBeside(const std::string& path) {
  const std::string name = TemporaryName(path);
  const UniqueFd fd = CreateTemporary(name);
  if (!fd.ok()) return errno;
  const TemporaryFile temporary{name};
  return 0;
}

// Returns 0 or errno.
int WriteTo(int fd, const OutputFile::Report& report) {
  FdStreambuf buffer(fd);
  std::ostream out(&buffer);
  report(out);
  return buffer.Finish();
}

}  // namespace

Result<OutputFile> OutputFile::Open(const std::string& name) {
  if (name == "-" || name == "/dev/stdout") return OutputFile(Kind::kStandardOutput, name, "-");
  if (name.empty()) return Error{"--out: the file name is empty"};
  std::error_code error;
  // Through symbolic links: the file they lead to is replaced, not the link.
  const std::string path =
      std::filesystem::weakly_canonical(std::filesystem::absolute(name, error), error);
  if (error) return CannotWrite(name, error.message());
  struct stat info {};
  const bool exists = stat(name.c_str(), &info) == 0;
  if (!exists && errno != ENOENT) return CannotWrite(name, ErrnoText(errno));
  if ((exists && S_ISDIR(info.st_mode)) || name.ends_with('/')) {
    return CannotWrite(name, ErrnoText(EISDIR));
  }
  if (exists && access(name.c_str(), W_OK) != 0) return CannotWrite(name, ErrnoText(errno));
  if (exists && !S_ISREG(info.st_mode)) return OutputFile(Kind::kStream, name, path);
  const int create_error = TryToCreateBeside(path);
  if (create_error != 0) return CannotWrite(name, ErrnoText(create_error));
  return OutputFile(Kind::kFile, name, path);
}

template <typename Publish>
int OutputFile::WriteBeside(const Report& report, Publish publish) const {
  const std::string name = TemporaryName(path_);
  UniqueFd fd = CreateTemporary(name);
  if (!fd.ok()) return errno;
  const TemporaryFile temporary{name};
  struct stat old {};
  if (stat(path_.c_str(), &old) == 0) fchmod(fd.get(), old.st_mode & 07777);
  int error = WriteTo(fd.get(), report);
  // close(2) may be the first to tell of a full disk (NFS, quotas).
  if (close(fd.Release()) != 0 && error == 0) error = errno;
  return error == 0 ? publish(name.c_str()) : error;
}

int OutputFile::Replace(const Report& report) const {
  return WriteBeside(report, [this](const char* temporary) {
    return rename(temporary, path_.c_str()) == 0 ? 0 : errno;
  });
}

int OutputFile::Stream(const Report& report) const {
  const UniqueFd fd(open(name_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  return fd.ok() ? WriteTo(fd.get(), report) : errno;
}

Result<void> OutputFile::Write(const Report& report) const {
  int error = 0;
  switch (kind_) {
    case Kind::kStandardOutput:
      error = WriteTo(STDOUT_FILENO, report);
      break;
    case Kind::kFile:
      error = Replace(report);
      break;
    case Kind::kStream:
      error = Stream(report);
      break;
  }
  if (error == 0 || error == EPIPE) return {};
  return CannotWrite(is_standard_output() ? "standard output" : name_, ErrnoText(error));
}

Result<void> OutputFile::Write(std::string_view report) const {
  return Write([&](std::ostream& out) { out << report; });
}

Result<bool> OutputFile::WriteNew(const Report& report) const {
  if (kind_ != Kind::kFile) return Error{CannotWrite(name_, "not a regular file")};
  const int error = WriteBeside(report, [this](const char* temporary) {
    // link(2) never replaces; rename(2) does, and is for file systems without links.
    if (link(temporary, path_.c_str()) != 0) {
      if (errno != EPERM && errno != EOPNOTSUPP) return errno;
      return rename(temporary, path_.c_str()) == 0 ? 0 : errno;
    }
    return 0;
  });
  if (error == EEXIST) return false;
  if (error != 0) return CannotWrite(name_, ErrnoText(error));
  return true;
}

}  // namespace lineprof
