// The profile: what one run cost, per line, per call and per stack. It is the whole input of a
// report; it knows nothing of Python's memory, of recordings, or of how a report looks.
//
// Passive data, built once by src/profile and then read only. THREAD: any, while nobody writes.
// Times are in nanoseconds (uint64_t) where they are added up and in seconds (double) where they
// are only shown. Strings are UTF-8: in names and command lines, a byte that is no text is written
// \xNN.
#ifndef LINEPROF_PROFILE_H_
#define LINEPROF_PROFILE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lineprof/source.h"

namespace lineprof {

enum class FileId : uint32_t {};
enum class FunctionId : uint32_t {};

enum class Clock {
  kWall,  // a line's time is its time on CPU plus its waiting time
  kCpu,   // a line's time is its time on CPU
};

enum class Mode {
  kStatistical,    // hits are samples
  kDeterministic,  // hits are starts of a line, or calls; times are wall time and stand in cpu_ns
};

// What was seen at one place.
struct Cost {
  uint64_t hits = 0;     // samples, on CPU or waiting; deterministic: times started
  uint64_t cpu_ns = 0;   // time on CPU; deterministic: all time
  uint64_t wait_ns = 0;  // time off the CPU: sleeping, blocked, waiting for the GIL or for a CPU

  Cost& operator+=(const Cost& other) {
    hits += other.hits;
    cpu_ns += other.cpu_ns;
    wait_ns += other.wait_ns;
    return *this;
  }
  friend bool operator==(const Cost&, const Cost&) = default;
};

struct Function {
  FileId file{};
  std::string name;            // co_name, as in a traceback
  std::string qualified_name;  // co_qualname where the interpreter has one (3.11+), else `name`
  uint32_t first_line = 0;     // of the def, or of its first decorator
};

// One call as seen from the line that makes it. Inclusive: a sample counts once, however often the
// same call stands on its stack (recursion never counts twice).
struct CallCost {
  FunctionId callee{};
  Cost inclusive;
};

struct LineCost {
  uint32_t line = 0;            // 1-based; 0 where the interpreter knows none
  Cost self;                    // samples whose innermost Python line this is
  std::vector<CallCost> calls;  // by callee's file name, first line, name
};

// Deterministic: what a line of a function cost there, and its calls. As in the report's lines, but
// two functions that share a line (a lambda and the function that makes it) are told apart.
struct FunctionLine {
  FunctionId function{};
  uint32_t line = 0;
  Cost self;
  std::vector<CallCost> calls;  // by callee
};

// A file that code ran in. One that the filters exclude has no lines and no source: it is here
// because functions that lines of other files call are in it, and reports skip it.
struct SourceFile {
  // As shown: relative when it lies under the current directory, else absolute; `<string>`,
  // `<frozen importlib._bootstrap>` and the like as compiled. May hold a newline, as may the name
  // of a function: a report that is read by lines escapes it.
  std::string name;
  SourceText source;
  std::vector<LineCost> lines;  // only lines with data, ascending by `line`
};

inline constexpr FunctionId kNoFunction{0xffffffffu};

// A node of the stack tree. Nodes stand after their parent; node 0 is the root and has no function.
// Recursion is folded: a call edge (caller, its line, callee) appears once on a path.
struct StackNode {
  uint32_t parent = 0;
  FunctionId function{};
  uint32_t line = 0;
  // What this frame was calling; kNoFunction for the innermost one. Told explicitly, not by the
  // child node: where a call is folded away, the child belongs to a frame further in.
  FunctionId callee = kNoFunction;
  Cost self;
};

// A sample in its order: before end_ns the thread spent so much time on that stack.
struct TimelineSample {
  uint64_t end_ns = 0;  // after the run's first process started
  uint64_t cpu_ns = 0;
  uint64_t wait_ns = 0;
  uint32_t stack = 0;  // node of Profile::stacks
};

struct ThreadTimeline {
  uint32_t process = 0;                 // index of Profile::processes
  int64_t thread = 0;                   // the system's id; of a main thread, the process's
  std::vector<TimelineSample> samples;  // by begin: end_ns less its times
};

// Samples that could not be put on a line, by reason.
struct Loss {
  std::string reason;  // a few words, fixed set: see src/recording/FORMAT.md
  uint64_t samples = 0;
};

// How a process ended.
enum class ProcessFate {
  kUnknown,  // killed or crashed, or it became a program that is not profiled
  kExit,     // fate_value: its exit status
  kSignal,   // fate_value: the signal's number
  kRunning,  // it went on when the profile was made
  kExec,     // it became another program that is profiled
};

struct Process {
  int64_t pid = 0;
  int64_t parent_pid = 0;
  std::string label;           // where it ran: "node1", "node1 rank 3"; empty if unknown
  std::string command_line;    // shell-quoted
  std::string python_version;  // "3.11.7"
  // "perf cpu-clock", "monotonic timer" or "read from outside"; deterministic: the clock
  std::string timer;
  double start_s = 0;     // after the run's first process started
  double duration_s = 0;  // profiled: without paused_s
  double paused_s = 0;    // not profiled, by wish
  double cpu_s = 0;       // of its Python threads
  double wait_s = 0;      // of its Python threads
  double gil_wait_s = 0;  // of wait_s, waiting for the GIL
  uint64_t threads = 0;
  uint64_t samples = 0;
  uint64_t events = 0;  // deterministic: line starts, calls and returns
  bool ended = true;    // it said good-bye: false if it was killed, or still ran
  ProcessFate fate = ProcessFate::kUnknown;
  int fate_value = 0;
};

struct Thread {
  int64_t pid = 0;
  int64_t tid = 0;        // the kernel's
  std::string name;       // as Python names it, else as the kernel does; long ones are cut off
  double duration_s = 0;  // from its start to its last sign of life
  double cpu_s = 0;       // deterministic: known once the thread has ended
  double wait_s = 0;      // off the CPU
  double gil_wait_s = 0;  // of wait_s, waiting for the GIL
  bool ended = true;      // before its process did
};

// Threads that are not kept one by one: short ones among thousands.
struct MergedThreads {
  uint64_t count = 0;
  double cpu_s = 0;
  double wait_s = 0;
  double gil_wait_s = 0;
};

struct Profile {
  std::string command_line;  // shell-quoted program and arguments
  Mode mode = Mode::kStatistical;
  Clock clock = Clock::kWall;
  double period_s = 0;         // asked
  double delivered_hz = 0;     // ticks per second of CPU time, lost ones too; 0 when nothing ran
  double duration_s = 0;       // sum over processes: what 100 % is
  uint64_t cpu_samples = 0;    // samples of running threads
  uint64_t wait_samples = 0;   // samples of waiting threads
  double gil_wait_s = 0;       // that threads waited for the GIL; it is in their lines' times too
  bool gil_wait_known = true;  // false: all processes were looked at from outside
  double unsampled_cpu_s = 0;  // CPU time of Python threads that no sample stands for
  std::vector<Loss> losses;    // only reasons that happened, by reason
  // Deterministic mode, else 0.
  uint64_t events = 0;             // line starts, calls and returns
  double event_cost_ns = 0;        // mean measured cost of one, which is taken off all times
  std::vector<Process> processes;  // by start
  std::vector<Thread> threads;     // busiest first: by CPU, then waiting time
  MergedThreads merged_threads;    // those that `threads` does not hold
  std::vector<std::string> notes;  // one line each: what the reader must know to trust the figures

  std::vector<SourceFile>
      files;  // index: FileId; by own time under `clock`, hottest first, ties by name
  std::vector<Function> functions;  // index: FunctionId; by file name, first line, name
  std::vector<StackNode> stacks;    // index 0: the root; excluded files too; deterministic: only it
  // Deterministic, else empty: by function, line; excluded files too.
  std::vector<FunctionLine> counts;

  bool has_timeline = false;             // it is kept only if it was asked for
  std::vector<ThreadTimeline> timeline;  // by process, thread
  uint64_t timeline_lost = 0;            // samples that it had no room for
};

// The nanoseconds of `cost` under `clock`.
inline uint64_t TimeNs(const Cost& cost, Clock clock) {
  return clock == Clock::kCpu ? cost.cpu_ns : cost.cpu_ns + cost.wait_ns;
}

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_H_
