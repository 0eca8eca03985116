// Where a thread's waiting goes, look by look: the table in watcher.h as a pure function.
#ifndef LINEPROF_AGENT_WAIT_ACCOUNTING_H_
#define LINEPROF_AGENT_WAIT_ACCOUNTING_H_

#include <cstdint>

namespace lineprof {

// What a look sees. Nanoseconds since the last look.
struct Look {
  uint64_t wall_ns = 0;
  uint64_t cpu_ns = 0;
  uint64_t delay_ns = 0;     // runnable without a CPU
  bool was_waiting = false;  // at the last look, its line known
  bool is_waiting = false;   // now, its line known
};

// What follows. The sum of all parts over time is the waiting of the thread.
struct Placement {
  uint64_t old_line_ns = 0;
  uint64_t new_line_ns = 0;
  uint64_t unplaced_ns = 0;  // the new amount of unplaced waiting
  uint64_t delay_ns = 0;     // for the next tick's line
};

// `unplaced_ns`: waiting of earlier looks that has no line yet. THREAD: any. No state.
constexpr Placement PlaceWaiting(const Look& look, uint64_t unplaced_ns) {
  const uint64_t off_cpu = look.wall_ns > look.cpu_ns ? look.wall_ns - look.cpu_ns : 0;
  Placement result;
  result.delay_ns = look.delay_ns < off_cpu ? look.delay_ns : off_cpu;
  const uint64_t waited = off_cpu - result.delay_ns;
  if (look.was_waiting && look.is_waiting) {
    result.old_line_ns = look.cpu_ns == 0 ? waited : waited / 2;
    result.new_line_ns = waited - result.old_line_ns;
    if (look.cpu_ns != 0) result.new_line_ns += unplaced_ns;
    result.unplaced_ns = look.cpu_ns == 0 ? unplaced_ns : 0;
  } else if (look.was_waiting) {
    result.old_line_ns = waited;
    result.unplaced_ns = unplaced_ns;
  } else if (look.is_waiting) {
    result.new_line_ns = waited + unplaced_ns;
  } else {
    result.unplaced_ns = unplaced_ns + waited;
  }
  return result;
}

}  // namespace lineprof

#endif  // LINEPROF_AGENT_WAIT_ACCOUNTING_H_
