#include "profile/source_cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "lineprof/result.h"

namespace lineprof {
namespace {

int64_t ModifiedNs(const struct stat& status) {
  return int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
}

std::string Reason(int error) { return std::strerror(error); }

// Closes a descriptor at the end of its scope.
struct OpenFile {
  int descriptor;
  ~OpenFile() {
    if (descriptor >= 0) close(descriptor);
  }
};

// Whether `status` is a file to read; if not, why.
Result<void> CheckReadable(const struct stat& status) {
  if (!S_ISREG(status.st_mode)) return Error{"not a regular file"};
  if (status.st_size > SourceCache::kMaxBytes) {
    return Error{fmt::format("{} bytes, more than the {} that are read", status.st_size,
                             SourceCache::kMaxBytes)};
  }
  return {};
}

// Reads to the end; `expected` bytes in one go.
Result<std::string> ReadAll(int descriptor, size_t expected) {
  constexpr size_t kLeastStep = 4096;
  std::string bytes;
  size_t used = 0;
  while (used <= static_cast<size_t>(SourceCache::kMaxBytes)) {
    // One byte more than expected: the end is then seen without growing.
    bytes.resize(used + std::max(expected + 1, kLeastStep));
    ssize_t count = read(descriptor, bytes.data() + used, bytes.size() - used);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Error{Reason(errno)};
    used += static_cast<size_t>(count);
    if (count == 0) {
      bytes.resize(used);
      return bytes;
    }
  }
  return Error{"grew while it was read"};
}

// The bytes of the regular file at `path`, and its status as they were read.
Result<std::string> ReadRegularFile(const std::string& path, struct stat* status) {
  // Looked at before it is opened: opening a device can do things by itself.
  if (stat(path.c_str(), status) != 0) return Error{Reason(errno)};
  if (Result<void> check = CheckReadable(*status); !check) return Error{check.error()};
  // And again after: it may have been replaced by a FIFO, on which only O_NONBLOCK does not wait.
  OpenFile file{open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)};
  if (file.descriptor < 0 || fstat(file.descriptor, status) != 0) return Error{Reason(errno)};
  if (Result<void> check = CheckReadable(*status); !check) return Error{check.error()};
  return ReadAll(file.descriptor, static_cast<size_t>(status->st_size));
}

void AddNote(std::string_view note, SourceText& text) {
  if (!text.note.empty()) text.note += "; ";
  text.note += note;
}

}  // namespace

SourceCache::SourceCache(uint64_t run_start_realtime_ns)
    : reads_files_(true), run_start_ns_(run_start_realtime_ns) {}

SourceCache::SourceCache() : reads_files_(false), run_start_ns_(0) {}

void SourceCache::Add(const std::string& path, SourceText text) {
  entries_.try_emplace(path, Entry{std::move(text), 0, 0});
}

SourceCache::Entry SourceCache::Read(const std::string& path) const {
  Entry entry;
  struct stat status {};
  Result<std::string> bytes = ReadRegularFile(path, &status);
  if (!bytes) {
    entry.text.note = "no source: " + bytes.error();
    return entry;
  }
  entry.text = DecodeSource(bytes.value());
  entry.mtime_ns = ModifiedNs(status);
  entry.size = status.st_size;
  if (entry.mtime_ns > 0 && static_cast<uint64_t>(entry.mtime_ns) > run_start_ns_) {
    AddNote("modified after the run began: this may not be the text that ran", entry.text);
  }
  return entry;
}

void SourceCache::Load(const std::string& path) {
  if (!reads_files_) return;
  Entry& entry = entries_[path];
  if (entry.text.state != SourceText::State::kRead) entry = Read(path);
}

SourceText SourceCache::Take(const std::string& path) {
  if (!reads_files_) {
    const auto found = entries_.find(path);
    if (found != entries_.end()) return found->second.text;
    return {SourceText::State::kMissing, {}, "no source: it was not kept"};
  }
  bool loaded_before = entries_.count(path) > 0;
  Load(path);
  const Entry& entry = entries_[path];
  SourceText text = entry.text;
  const bool was_added = entry.mtime_ns == 0;  // by its text: there may be no such file
  if (!loaded_before || was_added || text.state != SourceText::State::kRead) return text;
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    AddNote("removed after it was read", text);
  } else if (ModifiedNs(status) != entry.mtime_ns || status.st_size != entry.size) {
    AddNote("changed after it was read: this is the text from before", text);
  }
  return text;
}

}  // namespace lineprof
