// A thread's name in the recording: as Python has it, else as the kernel does.
//
// The Thread's name is read from its memory (pyruntime/thread_name.h), when the thread starts and
// now and then, since it may be set at any time. The main thread is MainThread, and has no object
// that could be found without asking Python. A thread without one has the kernel's name.
// SIGNAL-SAFE: no. GIL: not needed.
#ifndef LINEPROF_AGENT_THREAD_NAMING_H_
#define LINEPROF_AGENT_THREAD_NAMING_H_

#include "agent/async_safe/thread_state.h"

namespace lineprof {

// Names the calling thread, which has that slot.
void NameOwnThread(ThreadSlot* slot);

// Names another thread again. THREAD: the watcher, inside VisitThreads.
void NameThreadAgain(const ThreadState& thread);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_THREAD_NAMING_H_
