// How a process ended, written into its recording by the process that waited for it.
//
// A process that exits says so itself; one that is killed cannot. Its parent is told by the kernel,
// and no one else: so the parent's agent writes it down, in the file that is there already.
// SIGNAL-SAFE, like the wait functions that it is called after. errno is kept. THREAD: any. GIL:
// not needed. Allocates nothing; no descriptor stays open.
#ifndef LINEPROF_RECORDING_PROCESS_END_H_
#define LINEPROF_RECORDING_PROCESS_END_H_

#include <sys/types.h>

#include <cstdint>

#include "recording/layout.h"

namespace lineprof {

// Writes the end of the calling process's child `pid` into that one's last recording below
// `directory`. Does nothing if there is none, as for children that are not Python, or if it is of
// another process's child, whose id has come round. REQUIRES: the child is gone.
void SetEndOfChild(const char* directory, pid_t pid, EndKind kind, uint32_t value);

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_PROCESS_END_H_
