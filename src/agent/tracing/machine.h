// What the machine does to times while the program runs: it changes its speed, and it runs others.
//
// Both are looked at once in a while, by whichever event comes next:
// - what events cost follows the speed (speed_probe.h);
// - time in which the kernel ran something else in the thread's place is taken off the interval
// that
//   just ended. It says nothing of the line that happened to be on, and since it falls on the
//   agent's own work as much as on the program's, it would make lines with many events look longer.
//   All of it since the last look belongs to this interval: a gap so long ends past the time of a
//   look, and makes one. Whether it was taken or given (a wait) the kernel's counts of switches
//   say: with a wait among them nothing is taken off.
//
// THREAD: any. GIL: held. SIGNAL-SAFE: no.
#ifndef LINEPROF_AGENT_TRACING_MACHINE_H_
#define LINEPROF_AGENT_TRACING_MACHINE_H_

#include <cstdint>

#include "agent/tracing/thread_trace.h"

namespace lineprof {

// From now on g_trace.costs are `costs`, which were measured while ProbeSpeed() gave `speed`, as
// the speed is. `ns_per_tick`: the clock's.
void SetEventCosts(const TraceCosts& costs, uint64_t speed, double ns_per_tick);

inline bool IsLookDue(uint64_t now) { return __builtin_expect(now >= g_trace.look_due, 0); }

// Looks, at an event of the calling thread at `now`. Gives the event's new time: what looking takes
// is left out of the thread's. `thread`: null where it is not traced (yet).
uint64_t LookAtMachine(TraceThread* thread, uint64_t now);

// What the kernel says of a thread.
struct ThreadUse {
  uint64_t wall_ns = 0;
  uint64_t cpu_ns = 0;
  long waits = 0;  // switches to others that the thread asked for
};

// Nanoseconds between the two in which others were run in the thread's place; 0 if it waited.
uint64_t TakenNs(const ThreadUse& before, const ThreadUse& now);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_MACHINE_H_
