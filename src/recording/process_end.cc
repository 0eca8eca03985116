#include "recording/process_end.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "base/file.h"
#include "recording/recording_file.h"

namespace lineprof {
namespace {

// The two fields as they lie in the file: one write makes both.
struct EndFields {
  uint32_t kind;
  uint32_t value;
};
static_assert(offsetof(RecordingHeader, end_value) ==
              offsetof(RecordingHeader, end_kind) + offsetof(EndFields, value));

// snprintf is not async-signal-safe.
int OpenRecordingOf(int directory, pid_t pid, int n) {
  constexpr std::string_view kEnding = ".recording";
  char name[64];
  char* const limit = name + sizeof(name);
  char* end = std::to_chars(name, limit, pid).ptr;
  *end++ = '-';
  end = std::to_chars(end, limit, n).ptr;
  end = std::copy(kEnding.begin(), kEnding.end(), end);
  *end = '\0';
  return openat(directory, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

// A process that execs another Python leaves a recording for each.
UniqueFd OpenLastRecording(int directory, pid_t pid) {
  UniqueFd last;
  for (int n = 0; n < kMaxRecordingsOfPid; ++n) {
    UniqueFd next(OpenRecordingOf(directory, pid, n));
    if (!next.ok()) break;
    last = std::move(next);
  }
  return last;
}

bool IsOfOwnChild(const RecordingHeader& header, pid_t pid) {
  return std::memcmp(header.magic, kRecordingMagic, sizeof(kRecordingMagic)) == 0 &&
         header.version == kRecordingVersion && header.pid == pid && header.parent_pid == getpid();
}

}  // namespace

void SetEndOfChild(const char* directory, pid_t pid, EndKind kind, uint32_t value) {
  const int saved_errno = errno;
  const UniqueFd folder(open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.ok()) {
    const UniqueFd file = OpenLastRecording(folder.get(), pid);
    RecordingHeader header;
    if (file.ok() && pread(file.get(), &header, sizeof(header), 0) == sizeof(header) &&
        IsOfOwnChild(header, pid)) {
      const EndFields fields{static_cast<uint32_t>(kind), value};
      // Where it fails the end is not known, as if nobody had waited.
      [[maybe_unused]] const ssize_t written =
          pwrite(file.get(), &fields, sizeof(fields), offsetof(RecordingHeader, end_kind));
    }
  }
  errno = saved_errno;
}

}  // namespace lineprof
