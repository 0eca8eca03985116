#include "launcher/recording_directory.h"

#include <fmt/format.h>
#include <stdlib.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/file.h"

namespace lineprof {

Result<RecordingDirectory> RecordingDirectory::Create(const std::vector<std::string>& parents,
                                                      uint64_t min_free_bytes) {
  std::string reason = "no directory to try";
  for (const std::string& parent : parents) {
    if (!parent.starts_with('/')) continue;
    struct statvfs space {};
    if (statvfs(parent.c_str(), &space) != 0) {
      reason = parent + ": " + ErrnoText(errno);
      continue;
    }
    if (space.f_bavail * space.f_frsize < min_free_bytes) {
      reason = fmt::format("{}: less than {} MiB free", parent, min_free_bytes >> 20);
      continue;
    }
    std::string path = parent + "/lineprof-XXXXXX";
    if (mkdtemp(path.data()) != nullptr) return RecordingDirectory(std::move(path));
    reason = parent + ": " + ErrnoText(errno);
  }
  return Error{"no place for the recordings (XDG_RUNTIME_DIR, TMPDIR, /tmp): " + reason};
}

RecordingDirectory::RecordingDirectory(RecordingDirectory&& other) noexcept
    : path_(std::exchange(other.path_, "")), keep_(other.keep_) {}

RecordingDirectory::~RecordingDirectory() {
  if (path_.empty() || keep_) return;
  // A process that outlives the run may begin a recording while this goes through the directory.
  constexpr int kTries = 10;
  std::error_code failed;
  for (int i = 0; i < kTries; ++i) {
    std::filesystem::remove_all(path_, failed);
    if (!failed) return;
  }
}

std::vector<std::string> RecordingParents() {
  std::vector<std::string> parents;
  for (const char* name : {"XDG_RUNTIME_DIR", "TMPDIR"}) {
    const char* value = getenv(name);
    if (value != nullptr) parents.emplace_back(value);
  }
  parents.emplace_back("/tmp");
  return parents;
}

}  // namespace lineprof
