#include "recording/recording_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/clock.h"

namespace lineprof {
namespace {

// Address space to reserve: little where it is rationed.
uint64_t ReservedBytes() {
  rlimit limit{};
  if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY) return 16 << 20;
  return kMaxRecordingBytes;
}

// Extends the file to `size` with blocks behind it. A limit on file size is asked for first:
// passing it would be a SIGXFSZ to the program.
bool AllocateBlocks(int fd, uint64_t from, uint64_t size) {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
      size > limit.rlim_cur) {
    errno = EFBIG;
    return false;
  }
  const int error = posix_fallocate(fd, static_cast<off_t>(from), static_cast<off_t>(size - from));
  if (error != 0) errno = error;
  return error == 0;
}

// Reads a small file of /proc into `buffer`; gives the bytes read.
size_t ReadProcFile(const char* path, char* buffer, size_t size) {
  const int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  size_t length = 0;
  ssize_t got;
  while (length < size && (got = read(fd, buffer + length, size - length)) > 0) {
    length += static_cast<size_t>(got);
  }
  close(fd);
  return length;
}

void FillHeader(const RecordingFacts& facts, uint64_t capacity, const RecordingMap& map) {
  RecordingHeader& header = map.header();
  header.version = kRecordingVersion;
  header.header_size = sizeof(RecordingHeader);
  header.capacity = capacity;
  header.arena_top = kArenaBegin;
  header.threads_offset = 4096;
  header.thread_count = kThreadSlots;
  header.node_bucket_count = kNodeBuckets;
  header.node_buckets_offset = static_cast<uint32_t>(kArenaBegin) - kNodeBuckets * 4;
  header.code_bucket_count = kCodeBuckets;
  header.code_buckets_offset = header.node_buckets_offset - kCodeBuckets * 4;
  header.pid = facts.pid != 0 ? facts.pid : getpid();
  header.parent_pid = facts.pid != 0 ? facts.parent_pid : getppid();
  header.period_ns = facts.period_ns;
  header.start_monotonic_ns = ClockNs(CLOCK_MONOTONIC);
  header.start_realtime_ns = ClockNs(CLOCK_REALTIME);
  header.end_monotonic_ns = header.start_monotonic_ns;
  header.line_table_format = facts.line_table_format;
  header.python_hex_version = facts.python_hex_version;
  header.by_thread = facts.by_thread ? 1 : 0;

  if (facts.timeline_limit != 0) {
    header.timeline.chunks = AllocateArena(map, TimelineChunks(facts.timeline_limit) * 4);
    if (header.timeline.chunks != 0) header.timeline.limit = facts.timeline_limit;
  }

  static char buffer[16384];  // callers are one at a time, and heap is not to be touched
  char path[64];
  const auto proc_path = [&](const char* name) {
    std::snprintf(path, sizeof(path), "/proc/%ld/%s", static_cast<long>(header.pid), name);
    return path;
  };
  const size_t arguments = ReadProcFile(
      facts.pid != 0 ? proc_path("cmdline") : "/proc/self/cmdline", buffer, sizeof(buffer));
  header.arguments = AddText(map, {buffer, arguments});
  if (facts.pid != 0) {
    const ssize_t length = readlink(proc_path("cwd"), buffer, sizeof(buffer));
    if (length > 0) header.working_directory = AddText(map, {buffer, static_cast<size_t>(length)});
  } else if (getcwd(buffer, sizeof(buffer)) != nullptr) {
    header.working_directory = AddText(map, buffer);
  }
  // Last, so that whoever finds the magic finds a whole header.
  std::atomic_thread_fence(std::memory_order_release);
  std::memcpy(header.magic, kRecordingMagic, sizeof(kRecordingMagic));
}

// Opens a new file `<directory>/<pid>-<n>.new`; its final name goes to `path`, which has the same n
// and is free. Gives the descriptor, or -1 with errno.
int OpenNewFile(std::string_view directory, pid_t pid, char (&path)[4096], char (&new_path)[4096]) {
  for (int n = 0; n < kMaxRecordingsOfPid; ++n) {
    const int length = std::snprintf(path, sizeof(path), "%.*s/%ld-%d.recording",
                                     static_cast<int>(directory.size()), directory.data(),
                                     static_cast<long>(pid), n);
    if (length < 0 || static_cast<size_t>(length) >= sizeof(path)) {
      errno = ENAMETOOLONG;
      return -1;
    }
    std::snprintf(new_path, sizeof(new_path), "%.*s/%ld-%d.new", static_cast<int>(directory.size()),
                  directory.data(), static_cast<long>(pid), n);
    if (access(path, F_OK) == 0) continue;  // this process has execed, or its pid has come round
    const int fd = open(new_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

}  // namespace

const char* CreateRecordingFile(std::string_view directory, const RecordingFacts& facts,
                                RecordingFile* file) {
  static char new_path[4096];  // callers are one at a time
  const int fd =
      OpenNewFile(directory, facts.pid != 0 ? facts.pid : getpid(), file->path, new_path);
  if (fd < 0) return "recording file";
  const uint64_t capacity = kArenaBegin + kInitialArena;
  file->mapped_bytes = ReservedBytes();
  const bool allocated = AllocateBlocks(fd, 0, capacity);
  void* base = MAP_FAILED;
  if (allocated) {
    base = mmap(nullptr, file->mapped_bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd,
                0);
  }
  const int error = errno;
  close(fd);
  if (base == MAP_FAILED) {
    unlink(new_path);
    errno = error;
    return allocated ? "memory for the recording" : "room for the recording";
  }
  // A forked child is another process with another recording; and without these pages fork is
  // faster.
  madvise(base, file->mapped_bytes, MADV_DONTFORK);
  file->map.base = static_cast<std::byte*>(base);
  FillHeader(facts, capacity, file->map);
  // Only now a recording: a process killed before leaves none, rather than half of one.
  if (rename(new_path, file->path) != 0) {
    munmap(base, file->mapped_bytes);
    unlink(new_path);
    return "recording file";
  }
  return nullptr;
}

namespace {

// Doubles the arena. False if it cannot be.
bool ExtendRecordingFile(RecordingFile* file) {
  RecordingHeader& header = file->map.header();
  const uint64_t capacity = header.capacity;
  const uint64_t arena = capacity - kArenaBegin;
  const uint64_t wanted = std::min(capacity + arena, file->mapped_bytes);
  if (wanted <= capacity) return false;
  const int fd = open(file->path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return false;
  const bool grown = AllocateBlocks(fd, capacity, wanted);
  close(fd);
  if (grown) {
    std::atomic_ref<uint64_t>(header.capacity).store(wanted, std::memory_order_release);
  }
  return grown;
}

}  // namespace

bool GrowRecordingFile(RecordingFile* file) {
  RecordingHeader& header = file->map.header();
  const uint64_t capacity = header.capacity;
  if (capacity - LoadFrom(header.arena_top) > (capacity - kArenaBegin) / 2) return true;
  return ExtendRecordingFile(file);
}

void CloseRecordingFile(RecordingFile* file) {
  if (file->map.base != nullptr) munmap(file->map.base, file->mapped_bytes);
  file->map.base = nullptr;
}

uint32_t AllocateGrowing(RecordingFile* file, uint64_t size) {
  for (;;) {
    const uint32_t offset = AllocateArena(file->map, size);
    if (offset != 0 || !ExtendRecordingFile(file)) return offset;
  }
}

TextReference AddText(const RecordingMap& map, std::string_view bytes) {
  if (bytes.empty()) return {0, 0};
  const uint32_t offset = AllocateArena(map, bytes.size());
  if (offset == 0) return {0, 0};
  std::memcpy(map.base + offset, bytes.data(), bytes.size());
  return {offset, static_cast<uint32_t>(bytes.size())};
}

void AddNote(const RecordingMap& map, std::string_view note) {
  TextReference text{0, 0};
  for (TextReference& place : map.header().notes) {
    // Offset and size as one number: a reader, and another writer, see both or none.
    std::atomic_ref<uint64_t> whole(reinterpret_cast<uint64_t&>(place));
    const auto kept = std::bit_cast<TextReference>(whole.load(std::memory_order_acquire));
    if (kept.size != 0) {
      const char* text_of_it = reinterpret_cast<const char*>(map.base + kept.offset);
      if (std::string_view(text_of_it, kept.size) == note) return;
      continue;
    }
    if (text.size == 0) text = AddText(map, note);
    uint64_t empty = 0;
    if (whole.compare_exchange_strong(empty, std::bit_cast<uint64_t>(text))) return;
  }
}

}  // namespace lineprof
