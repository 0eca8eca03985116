// The bytes of a recording: what the agent maps and writes, what the reader decodes. FORMAT.md is
// the same in prose, with a worked example.
//
// A recording is one file, mapped shared by the process it describes. Everything is little-endian
// and naturally aligned; references are byte offsets from the file's start, 0 meaning none. Records
// are filled first and published last (by one atomic store into a bucket), so that a file cut off
// at any moment holds only whole records. Counters only grow.
#ifndef LINEPROF_RECORDING_LAYOUT_H_
#define LINEPROF_RECORDING_LAYOUT_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lineprof {

inline constexpr char kRecordingMagic[8] = {'l', 'i', 'n', 'e', 'p', 'r', 'o', 'f'};
inline constexpr uint32_t kRecordingVersion = 4;
inline constexpr uint32_t kOldestRecordingVersion = 3;  // that can be read

// Why a sample is on no line. The texts are in loss_reason.h.
enum class LossReason : uint32_t {
  kOutsidePython,    // no Python frame: interpreter start and end, threads that run no Python
  kUnreadableFrame,  // the frame was being entered or left, or is no frame
  kRecordingFull,    // no room for a new stack or code object
  kThrottled,        // skipped, because walking very deep stacks took too long
  kCount,
};

// kOutside: no ticks, another process looked.
enum class TimerKind : uint32_t { kNone, kPerf, kMonotonic, kOutside };

// How the process ended: by its own word, by its parent's, or by that of the launcher, which comes
// last.
enum class EndKind : uint32_t {
  kUnknown,  // killed, crashed or another program, and nobody who waited said so
  kExit,     // end_value: its exit status
  kSignal,   // end_value: the signal's number
  kRunning,  // it went on when the launcher read this
  kExec,     // it became another Python, which has a recording of its own
};

struct TextReference {
  uint32_t offset;
  uint32_t size;  // bytes
};

struct LossCounter {
  uint64_t samples;
  uint64_t cpu_ns;
};

inline constexpr uint32_t kMaxNotes = 6;

// What deterministic mode says of the process. Its times are in ticks of the trace clock.
struct TraceHeader {
  uint32_t enabled;  // 1: lines are counted, not sampled
  uint32_t threads;  // first TraceThread; atomic
  uint32_t lines;    // first LinesRecord; atomic
  uint32_t clock;    // TraceClockKind
  double ns_per_tick;
  uint64_t start_ticks;  // of the clock, at start_ns
  uint64_t start_ns;     // CLOCK_MONOTONIC when tracing began
  double event_cost_ns;  // what one event costs, already taken off all times
  uint64_t lost_events;  // of code that there was no room to count
};

enum class TraceClockKind : uint32_t { kMonotonic, kTsc };

// The timeline: samples in their order. Kept only where a report needs it.
struct TimelineHeader {
  uint64_t limit;    // samples that may be in it; 0: none is kept
  uint64_t samples;  // that there were, also those beyond the limit; atomic
  uint64_t lost;     // within the limit, but there was no room in the recording; atomic
  uint32_t chunks;   // u32[TimelineChunks(limit)]: references to chunks of TimelineEntry; atomic
  uint32_t reserved;
};

struct RecordingHeader {
  char magic[8];
  uint32_t version;
  uint32_t header_size;  // sizeof(RecordingHeader)
  uint64_t capacity;     // bytes of the file that may be used; atomic
  uint64_t arena_top;    // first unused byte; atomic
  uint32_t threads_offset;
  uint32_t thread_count;  // ThreadSlots
  uint32_t code_buckets_offset;
  uint32_t code_bucket_count;  // a power of two
  uint32_t node_buckets_offset;
  uint32_t node_bucket_count;  // a power of two

  int64_t pid;
  int64_t parent_pid;
  uint64_t period_ns;
  uint64_t start_monotonic_ns;
  uint64_t start_realtime_ns;
  uint64_t end_monotonic_ns;  // last sign of life; atomic
  uint32_t ended;             // 1: the process said good-bye; atomic
  uint32_t end_kind;          // EndKind; atomic, as the next
  uint32_t end_value;
  uint32_t timer;               // TimerKind of the main thread
  uint32_t line_table_format;   // LineTableFormat
  uint32_t python_hex_version;  // major << 16 | minor << 8 | micro
  uint32_t by_thread;           // 1: nodes are told apart by thread
  uint32_t threads_used;        // ThreadSlots that were ever used; atomic
  TextReference arguments;      // NUL-terminated strings
  TextReference working_directory;
  TextReference libraries;  // NUL-terminated strings; written when the interpreter is up
  TextReference refusal;
  TextReference notes[kMaxNotes];

  uint64_t paused_ns;       // not profiled by wish, in pauses that are over; atomic, as the next
  uint64_t pause_began_ns;  // CLOCK_MONOTONIC; 0: profiled now

  uint64_t threads_started;  // atomic, as all that follow
  uint64_t merged_threads;   // ended ones whose slot serves another now
  uint64_t merged_cpu_ns;
  uint64_t merged_wall_ns;
  uint64_t merged_gil_wait_ns;
  uint64_t merge_cursor;      // the agent's own
  uint64_t truncated_stacks;  // samples whose stack was deeper than a walk goes
  LossCounter losses[static_cast<size_t>(LossReason::kCount)];

  // Deterministic mode; all zero in statistical mode.
  TraceHeader trace;
  TimelineHeader timeline;
};

enum class ThreadSlotState : uint32_t { kUnused, kLive, kEnded, kChangesHands };

// A thread that is alive, or that ended and whose slot no other one has needed since. Where nodes
// are told apart by thread, the slot's offset stands in place of the root.
struct ThreadSlot {
  int32_t tid;
  uint32_t state;  // ThreadSlotState; atomic
  uint32_t tree;   // kTreeOwn, kTreeShared
  // The name's bytes; 1, 2 or 4 a code point as in CodeRecord, 0: the kernel's, as it is. The two
  // are written as one number.
  uint8_t name_width;
  uint8_t name_size;
  uint16_t reserved;
  uint64_t start_wall_ns;  // CLOCK_MONOTONIC
  uint64_t start_cpu_ns;   // of the thread's CPU clock
  uint64_t last_wall_ns;   // at the last look; atomic
  uint64_t last_cpu_ns;    // atomic
  uint64_t gil_wait_ns;    // that it waited for the GIL; atomic
  char name[72];           // cut off
};
inline constexpr uint32_t kTreeOwn = 1;     // the slot's thread, now ended, left samples
inline constexpr uint32_t kTreeShared = 2;  // threads that had the slot before left samples too

// A code object, described when it was first seen. Followed by its texts: file name, name,
// qualified name (in the interpreter's own storage: 1, 2 or 4 bytes a code point), line table.
struct CodeRecord {
  uint32_t next;  // in the bucket
  uint32_t size;  // bytes, texts and padding included
  uint64_t hash;  // of everything after this field
  uint32_t first_line;
  uint32_t line_table_size;
  uint32_t filename_size;  // bytes
  uint32_t name_size;
  uint32_t qualname_size;
  uint8_t filename_width;  // bytes a code point: 1 (Latin-1), 2, 4
  uint8_t name_width;
  uint8_t qualname_width;
  uint8_t reserved;
};

// What the file name of a code record begins with that is an asyncio task.
inline constexpr std::string_view kTaskFile = "<task: ";

// A frame on a path of the stack tree; see RecordedNode. The nodes of a bucket are a binary tree by
// the bits of their hashes that the bucket has left.
struct NodeRecord {
  uint32_t next_zero;  // in the bucket, where the hash's next bit is 0; all, in version 3
  uint32_t parent;     // NodeRecord, 0: the root
  uint32_t code;       // CodeRecord
  int32_t instruction;
  uint32_t callee;       // CodeRecord, 0: innermost frame
  uint32_t next_one;     // in the bucket, where it is 1
  uint64_t cpu_samples;  // atomic, as all that follow
  uint64_t cpu_ns;
  uint64_t wait_samples;
  uint64_t wait_ns;
};

// A sample in the timeline: the thread's last cpu_ns and wait_ns before end_ns belong to the node.
struct TimelineEntry {
  uint64_t end_ns;  // CLOCK_MONOTONIC
  uint64_t cpu_ns;
  uint64_t wait_ns;
  int32_t thread;  // tid
  uint32_t node;   // NodeRecord; written last: 0, the entry is not whole; atomic
};
inline constexpr uint32_t kTimelineChunk = 1024;  // entries
inline constexpr uint64_t kMaxTimeline = 10'000'000;
inline constexpr uint64_t TimelineChunks(uint64_t entries) {
  return (entries + kTimelineChunk - 1) / kTimelineChunk;
}

// A line of a code object, counted. Written under the GIL, so its fields need not be atomic.
struct LineCounter {
  uint64_t hits;   // times it was started
  int64_t ticks;   // on it, without Python callees; measuring may leave it a little below 0
  uint32_t edges;  // first EdgeRecord of the calls that it makes
  uint32_t reserved;
};

// The counters of a code object, of its lines from `first_line` on, in the list of all.
struct LinesRecord {
  uint32_t next;
  uint32_t code;  // CodeRecord
  uint32_t first_line;
  uint32_t line_count;
  // LineCounter[line_count]
};

// The calls of one code object from one line.
struct EdgeRecord {
  uint32_t next;    // of the same line
  uint32_t callee;  // CodeRecord
  uint64_t calls;   // begun
  int64_t ticks;    // inclusive, of those that ended; recursion once
  // The agent's own: the TraceThread on whose stack it stands and how often; 0 if on none.
  uint32_t active_thread;
  uint32_t active_count;
};

struct UnitCost;  // agent/tracing/unit_cost.h
struct FarPlace;  // agent/tracing/far_lines.h

// A Python frame that a thread is in. The addresses mean something to the agent alone.
struct OpenFrame {
  uint64_t key;          // address: tells it from other frames
  LineCounter* lines;    // address: of the counter of line first_line
  LineCounter* current;  // address: of the line that it is on
  union {
    const UnitCost* units;  // address: the agent's (TracedCode), 3.8 to 3.11
    const FarPlace* place;  // address: the agent's (FarCode), 3.12 and 3.13
  };
  uint32_t first_line;
  uint32_t line_count;
  uint32_t edge;        // EdgeRecord of the call that made it; 0: not known
  uint32_t flags;       // kOutermostCall, kOwnsEdge
  int64_t start_ticks;  // the thread's own_ticks at its call
};
inline constexpr uint32_t kOutermostCall = 1;   // no call of its edge below it: its time counts
inline constexpr uint32_t kSuspendingCode = 4;  // the agent's: other events cost other times
inline constexpr uint32_t kOwnsEdge = 2;        // it is counted in EdgeRecord::active_count

// A piece of a thread's stack of frames.
inline constexpr uint32_t kFramesPerChunk = 128;
struct FrameChunk {
  uint32_t next;
  uint32_t previous;
  OpenFrame frames[kFramesPerChunk];
};

// A thread that runs Python code, and what stands on its stack now: so the calls that a killed
// process was in have their time too. A record whose thread ended has depth 0 and is used again.
struct TraceThread {
  uint32_t next;    // in the list of all
  uint32_t chunks;  // first FrameChunk; frame i is in the i / kFramesPerChunk-th
  uint32_t depth;   // open frames are 1 to depth; frame 0 is below them all and stands for no code
  uint32_t lost_depth;  // frames above that there was no room for
  int64_t own_ticks;    // traced so far, the cost of events taken off
  uint64_t last_ticks;  // of the clock, at the last event's end
  // The agent's own: addresses.
  OpenFrame* top;     // frame `depth`
  FrameChunk* chunk;  // the one that `top` is in
  TraceThread* next_free;
};

static_assert(sizeof(LineCounter) == 24 && sizeof(LinesRecord) == 16 && sizeof(EdgeRecord) == 32 &&
              sizeof(OpenFrame) == 56 && sizeof(TraceThread) == 56);
static_assert(offsetof(RecordingHeader, notes) % 8 == 0);  // each is written as one number
static_assert(sizeof(TimelineEntry) == 32);
static_assert(sizeof(CodeRecord) == 40 && sizeof(NodeRecord) == 56 && sizeof(ThreadSlot) == 128);
static_assert(std::atomic_ref<uint64_t>::is_always_lock_free &&
              std::atomic_ref<uint32_t>::is_always_lock_free);

inline constexpr uint32_t kThreadSlots = 1024;
inline constexpr uint32_t kCodeBuckets = 4096;
inline constexpr uint32_t kNodeBuckets = 65536;
inline constexpr uint64_t kArenaAlignment = 8;
// Where the arena begins, and how much of it a new file has.
inline constexpr uint64_t kArenaBegin =
    4096 + ((kThreadSlots * sizeof(ThreadSlot) + 4095) & ~uint64_t{4095}) +
    uint64_t{kCodeBuckets} * 4 + uint64_t{kNodeBuckets} * 4;
inline constexpr uint64_t kInitialArena = uint64_t{256} * 1024;
inline constexpr uint64_t kMaxRecordingBytes = uint64_t{512} << 20;

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_LAYOUT_H_
