// Makes and grows the file of a recording, in the process it describes, or in one that looks at it.
//
// No descriptor stays open: the mapping keeps the file, and growing opens it again by name. So a
// program that closes, counts or inherits descriptors sees nothing of it. Blocks are allocated
// before they are used (a full disk is an error here, never a SIGBUS in a handler).
#ifndef LINEPROF_RECORDING_RECORDING_FILE_H_
#define LINEPROF_RECORDING_RECORDING_FILE_H_

#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "recording/recording_map.h"
#include "recording/settings.h"

namespace lineprof {

// A process has one for each Python that it became; more are never made.
inline constexpr int kMaxRecordingsOfPid = 10000;

struct RecordingFile {
  RecordingMap map;
  uint64_t mapped_bytes = 0;  // address space reserved; the file is smaller
  char path[4096] = {};
};

// What a new recording says of its process.
struct RecordingFacts {
  uint64_t period_ns = 0;
  uint32_t line_table_format = 0;
  uint32_t python_hex_version = 0;
  // Of another process; 0: this one.
  pid_t pid = 0;
  pid_t parent_pid = 0;
  uint64_t timeline_limit = 0;  // 0: no timeline; at most kMaxTimeline
  bool by_thread = false;
};

// Creates `<directory>/<pid>-<n>.recording`, mode 0600, and maps it into `file`. Gives null, or the
// name of what failed (static storage) with errno set. SIGNAL-SAFE: no. THREAD: one at a time.
// GIL: not needed. Allocates no heap memory.
const char* CreateRecordingFile(std::string_view directory, const RecordingFacts& facts,
                                RecordingFile* file);

// Doubles the arena if less than half of its last growth is free. False if it is needed and cannot
// be had. SIGNAL-SAFE: no. THREAD: one at a time, beside writers.
bool GrowRecordingFile(RecordingFile* file);

// Unmaps the recording; the file stays. SIGNAL-SAFE: no. REQUIRES: no writers.
void CloseRecordingFile(RecordingFile* file);

// Takes `size` bytes from the arena as AllocateArena does, growing the file where they do not fit.
// 0 if there is no more room to be had. SIGNAL-SAFE: no. THREAD: one at a time, beside writers.
uint32_t AllocateGrowing(RecordingFile* file, uint64_t size);

// Copies `bytes` into the arena; {0, 0} if there is no room. SIGNAL-SAFE.
TextReference AddText(const RecordingMap& map, std::string_view bytes);

// Adds a line to the header's notes, if there is a free place and it is not there yet. SIGNAL-SAFE.
// THREAD: any.
void AddNote(const RecordingMap& map, std::string_view note);

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_RECORDING_FILE_H_
