// How fast the processor runs code such as an interpreter's at this moment.
//
// What an event costs is measured at the start (calibration.h), but it does not stay the same: a
// processor changes its frequency, and shares its core with whatever else the host runs. On one
// virtual machine the same loop was seen to take twice as long from one second to the next. The
// probe is a fixed piece of work, and the ratio of two of its times is by how much everything else
// became slower too.
//
// The work is a small interpreter's: dispatch by a table, loads, stores, arithmetic. A chain of
// multiplications would tell the frequency, but nothing of a shared core.
// THREAD: any. GIL: not needed. SIGNAL-SAFE.
#ifndef LINEPROF_AGENT_TRACING_SPEED_PROBE_H_
#define LINEPROF_AGENT_TRACING_SPEED_PROBE_H_

#include <cstdint>

namespace lineprof {

// Clock ticks (trace_clock.h) of the work: the least of a few tries, since what interrupts one only
// makes it longer. Takes about two microseconds; never 0.
uint64_t ProbeSpeed();

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_SPEED_PROBE_H_
