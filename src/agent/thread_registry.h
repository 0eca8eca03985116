// The threads of this process that are sampled.
//
// Owns the ThreadStates. A thread enters when it starts (interpose.cc) and leaves when it ends (a
// pthread key's destructor, so pthread_exit and cancellation are seen too). One mutex guards the
// list; the handler never touches it. SIGNAL-SAFE: no. GIL: not needed.
#ifndef LINEPROF_AGENT_THREAD_REGISTRY_H_
#define LINEPROF_AGENT_THREAD_REGISTRY_H_

#include <cstdint>

#include "agent/async_safe/thread_state.h"
#include "recording/settings.h"

namespace lineprof {

struct TickOptions {
  uint64_t period_ns = 0;  // asked
  int signal = 0;
  Settings::Timer timer = Settings::Timer::kAuto;
  bool by_thread = false;  // nodes are told apart by thread
  // Called by the last registered thread as it ends (not through exit()).
  void (*last_thread_ends)() = nullptr;
};

// Once for the process, before anything else. False if the system has no pthread key left.
bool InitThreadRegistry(const TickOptions& options);

// Registers the calling thread and starts its ticks. Does nothing where it cannot (no slot, no
// timer): the thread then runs unsampled. THREAD: the one to attach.
void AttachCurrentThread();
// Changes the thread's ticks to the best source there is. THREAD: any, inside VisitThreads.
void UpgradeTicks(ThreadState* thread);
// Makes its ticks' period so much longer than TickPeriod, or shorter. What had passed of the
// current one is lost. THREAD: the watcher, inside VisitThreads.
void VaryTicks(ThreadState* thread, int64_t offset_ns);
void StopTicks(ThreadState* thread);

// Nothing is to be profiled from now on: no ticks, also in threads that start later, until
// ResumeThreads. What a thread takes meanwhile is not counted: its record's start is put off by it.
// THREAD: the watcher, or before there are threads.
void PauseThreads();
void ResumeThreads();
// SIGNAL-SAFE. THREAD: any.
bool ThreadsPaused();

// Calls `visit` for up to `limit` threads, going on where the last call stopped, under the list's
// lock: no thread ends meanwhile. Gives how many threads there are.
uint32_t VisitThreads(uint32_t limit, void (*visit)(ThreadState*, void*), void* argument);

// pthread_atfork: before (takes the lock and stops the forking thread's ticks, or fork would be
// restarted by each), in the parent, in the child (all threads but this one are gone, and so is the
// recording's mapping).
void LockForFork();
void UnlockInParent();
void ResetInChild();

}  // namespace lineprof

#endif  // LINEPROF_AGENT_THREAD_REGISTRY_H_
