// What the agent knows of one thread. Made when the thread starts (or is first met), used by that
// thread's handler and by the watcher, freed when it ends.
//
// Lives in its own anonymous mapping: the handler needs it without allocating, and only the pages
// that are used cost memory. Fields say who writes them; the other side reads atomics only.
#ifndef LINEPROF_AGENT_ASYNC_SAFE_THREAD_STATE_H_
#define LINEPROF_AGENT_ASYNC_SAFE_THREAD_STATE_H_

#include <pthread.h>
#include <sys/types.h>
#include <time.h>

#include <atomic>
#include <cstdint>

#include "recorder/stack_recorder.h"
#include "recording/layout.h"

namespace lineprof {

// The thread's tick source; owned by the thread, changed by it or by the watcher under
// ThreadRegistry's lock.
struct TickTimer {
  std::atomic<TimerKind> kind{TimerKind::kNone};
  bool upgradable = false;        // to perf, by the watcher
  void* perf_page = nullptr;      // kPerf: the mapping that keeps the event alive
  timer_t posix_timer = nullptr;  // kMonotonic
  // kMonotonic: whether ticks come. Cleared by the handler (parked) and by the watcher.
  std::atomic<bool> armed{false};
};

// The watcher's view of a thread; see watcher.h.
struct WatchState {
  uint64_t scan_cpu_ns = 0;        // CPU clock at the last look
  uint64_t placed_ns = 0;          // waiting that looks have put on lines
  uint64_t wait_remainder_ns = 0;  // of it, less than a sample
  uint64_t varied_cpu_ns = 0;      // CPU clock when ticks got their period
  int64_t period_offset_ns = 0;    // of that period
  bool is_offset_paired = true;    // its opposite came before
  bool parked = false;             // it was off the CPU at the last look
  uint32_t parked_node = 0;        // NodeRecord where it stood then; 0 if it ran, or has no line
  // Of the wait that goes on at parked_node; null if it is not in the timeline.
  TimelineEntry* timeline_entry = nullptr;
  uint32_t looks = 0;  // up to now
};

struct ThreadState {
  pid_t tid = 0;
  pthread_t pthread{};
  clockid_t cpu_clock{};
  ThreadSlot* slot = nullptr;  // in the recording
  uint64_t python_object = 0;  // address of the threading.Thread, see thread_object.h
  uint64_t first_walk = 0;     // recorder.generation when it began
  TickTimer timer;
  ThreadState* next = nullptr;  // in the registry's list
  std::atomic<bool> ending{false};

  // Written by the handler; python_thread by the watcher too.
  std::atomic<uint64_t> python_thread{0};  // PyThreadState
  std::atomic<uint64_t> delay_ns{0};       // time without a CPU though it did not block, placed
  // Time without a CPU for each 1024 ns on it, while it did not block: what to expect where it did.
  std::atomic<uint64_t> delay_rate{0};
  std::atomic<uint64_t> last_cpu_ns{0};  // at the last sample
  uint64_t last_wall_ns = 0;
  uint64_t unblocked_cpu_ns = 0;  // of samples between which it did not block: the rate's two parts
  uint64_t unblocked_delay_ns = 0;
  long last_blocks = 0;     // voluntary context switches then
  uint32_t skip_ticks = 0;  // throttled: ticks to let pass
  // Ticks that come now were held back during a system call; written by the thread itself.
  bool ticks_held_back = false;

  WatchState watch;
  uint32_t recording_epoch = 0;  // which recording the recorder's cache is of
  StackRecorderState recorder;
};

}  // namespace lineprof

#endif  // LINEPROF_AGENT_ASYNC_SAFE_THREAD_STATE_H_
