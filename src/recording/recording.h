// One process's recording, decoded: what the reader gives and the profile builder takes.
//
// Host side only (the launcher, never the agent). Passive data; nothing here points into the file.
#ifndef LINEPROF_RECORDING_RECORDING_H_
#define LINEPROF_RECORDING_RECORDING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "recording/layout.h"

namespace lineprof {

// How a code object's line table is encoded; see src/pyruntime/line_table.h.
enum class LineTableFormat : uint32_t {
  kLnotab = 1,     // 3.8, 3.9: co_lnotab
  kPep626 = 2,     // 3.10: co_linetable, pairs
  kLocations = 3,  // 3.11+: co_linetable, location entries
};

struct RecordedCode {
  std::string
      filename;  // co_filename as UTF-8; bytes that were no text are as the file system has them
  std::string name;
  std::string qualified_name;  // empty before 3.11
  uint32_t first_line = 0;
  std::string line_table;  // bytes
};

// A node of the recorded stack tree: a frame of `code` at `instruction`, called by the path up to
// `parent`. Nodes stand after their parent. Node 0 is the root.
struct RecordedNode {
  uint32_t parent = 0;      // index into Recording::nodes
  uint32_t code = 0;        // index into Recording::codes
  int32_t instruction = 0;  // byte offset into the code's instructions; -1: before the first one
  // The code that this frame was calling, or kNoCallee for the innermost frame. Told explicitly,
  // not by the child node: recursion is folded (a call edge appears once on a path), so a child may
  // belong to a frame further in.
  uint32_t callee = kNoCallee;
  // Samples whose innermost frame this node is; all zero on inner nodes.
  uint64_t cpu_samples = 0;
  uint64_t cpu_ns = 0;
  uint64_t wait_samples = 0;
  uint64_t wait_ns = 0;
  // Index into Recording::thread_list where nodes are told apart by thread, or kNoThread: of
  // threads that are not there any more, or of all.
  uint32_t thread = kNoThread;

  static constexpr uint32_t kNoCallee = 0xffffffffu;
  static constexpr uint32_t kNoThread = 0xffffffffu;
};

// Deterministic mode: a line of `code` that was started, or that makes calls.
struct RecordedLine {
  uint32_t code = 0;  // index into Recording::codes
  uint32_t line = 0;
  uint64_t hits = 0;
  uint64_t time_ns = 0;  // on it, without Python callees
};

// Deterministic mode: the calls of `callee` from a line of `code`.
struct RecordedEdge {
  uint32_t code = 0;  // index into Recording::codes
  uint32_t line = 0;
  uint32_t callee = 0;  // index into Recording::codes
  uint64_t calls = 0;
  uint64_t time_ns = 0;  // inclusive, recursion once
};

// A sample in its order; see TimelineEntry.
struct RecordedSample {
  uint64_t end_ns = 0;  // after start_monotonic_ns
  uint64_t cpu_ns = 0;
  uint64_t wait_ns = 0;
  int64_t thread = 0;  // tid
  uint32_t node = 0;   // index into Recording::nodes
};

// A thread that ran Python code, or could have.
struct RecordedThread {
  int64_t tid = 0;
  std::string name;  // as Python names it, else as the kernel does; may be cut off
  uint64_t start_monotonic_ns = 0;
  uint64_t end_monotonic_ns = 0;  // of its last sign of life
  uint64_t cpu_ns = 0;
  uint64_t wait_ns = 0;      // off the CPU
  uint64_t gil_wait_ns = 0;  // of it, waiting for the GIL
  bool ended = false;
};

// Threads of which only sums are known.
struct RecordedThreads {
  uint64_t count = 0;
  uint64_t cpu_ns = 0;
  uint64_t wait_ns = 0;
  uint64_t gil_wait_ns = 0;
};

struct RecordedLoss {
  std::string reason;
  uint64_t samples = 0;
};

struct Recording {
  int64_t pid = 0;
  int64_t parent_pid = 0;
  std::vector<std::string> arguments;  // the process's command line
  std::string working_directory;       // when recording began
  std::string python_version;          // "3.11.7", empty if unknown
  std::string timer;                   // "perf cpu-clock", "monotonic timer", "read from outside"
  bool from_outside = false;           // another process looked: GIL waiting is not known
  // Directories of the interpreter, for --exclude-syspath: its standard library, its prefixes.
  std::vector<std::string> library_directories;
  // Why this process was not profiled, one line; empty if it was.
  std::string refusal;
  // What its reader must know ("signal 27 was taken over by the program after 1.2 s"); one line
  // each.
  std::vector<std::string> notes;

  uint64_t period_ns = 0;
  uint64_t start_monotonic_ns = 0;  // CLOCK_MONOTONIC
  uint64_t start_realtime_ns = 0;   // CLOCK_REALTIME
  uint64_t end_monotonic_ns = 0;    // of its last sign of life
  uint64_t paused_ns = 0;           // of the time between, not profiled by wish
  bool ended = false;               // it said good-bye (an exit, not a kill)
  EndKind end_kind = EndKind::kUnknown;
  int end_value = 0;  // exit status, or signal

  uint64_t threads = 0;         // Python threads seen, ended ones too
  uint64_t thread_cpu_ns = 0;   // their CPU time
  uint64_t thread_wait_ns = 0;  // their time off the CPU
  uint64_t gil_wait_ns = 0;     // of it, waiting for the GIL
  uint64_t cpu_samples = 0;     // samples of running threads, lost ones not counted
  uint64_t wait_samples = 0;
  uint64_t sampled_cpu_ns = 0;  // CPU time that cpu_samples stand for

  // In the order of their slots; many short ones are only in `merged_threads`.
  std::vector<RecordedThread> thread_list;
  RecordedThreads merged_threads;
  bool by_thread = false;  // nodes say of which thread they are

  LineTableFormat line_table_format = LineTableFormat::kLocations;
  std::vector<RecordedCode> codes;
  std::vector<RecordedNode> nodes;
  std::vector<RecordedLoss> losses;  // only reasons that happened

  bool has_timeline = false;
  std::vector<RecordedSample> timeline;  // in order of entry: of a thread not strictly by time
  uint64_t timeline_lost = 0;            // samples beyond its limit, or without room

  // Deterministic mode: lines were counted, not sampled, and there are no nodes but the root.
  bool deterministic = false;
  std::vector<RecordedLine> lines;
  std::vector<RecordedEdge> edges;
  uint64_t events = 0;       // line starts, calls and returns
  double event_cost_ns = 0;  // of one, taken off all times
};

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_RECORDING_H_
