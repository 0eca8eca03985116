// Where a thread's waiting goes, look by look: the table in agent/watcher.h as a pure function.
#ifndef LINEPROF_RECORDER_WAIT_ACCOUNTING_H_
#define LINEPROF_RECORDER_WAIT_ACCOUNTING_H_

#include <cstdint>

namespace lineprof {

// What a look at a thread sees.
struct Look {
  bool was_waiting = false;  // at the last look, its line known
  bool ran = false;          // its CPU clock moved since
  bool is_waiting = false;   // now, its line known
};

// What of the waiting that has no line yet goes where; the rest stays for a later look.
// Nanoseconds.
struct Placement {
  uint64_t old_line_ns = 0;
  uint64_t new_line_ns = 0;
};

// `unplaced_ns`: time off the CPU up to now that is on no line yet. THREAD: any. No state.
constexpr Placement PlaceWaiting(const Look& look, uint64_t unplaced_ns) {
  if (look.was_waiting && look.is_waiting && look.ran) {
    return {unplaced_ns / 2, unplaced_ns - unplaced_ns / 2};
  }
  if (look.was_waiting) return {unplaced_ns, 0};
  if (look.is_waiting) return {0, unplaced_ns};
  return {};
}

}  // namespace lineprof

#endif  // LINEPROF_RECORDER_WAIT_ACCOUNTING_H_
