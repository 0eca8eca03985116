// pthread_cond_timedwait, stood in front of to know how long threads wait for the GIL.
//
// A thread that wants the GIL waits, in steps of the switch interval, for a condition variable of
// the interpreter's (take_gil in Python/ceval_gil.c; ceval_gil.h before 3.12), which lies in
// _PyRuntime: before 3.12 in the runtime's own state, since then in that of the main interpreter,
// which is a part of it. Nothing else there is waited for with a time limit. The time stays on the
// line that waits, as all its time does; the sums, of each thread and of all, are told beside. And
// a timer of real time stands still meanwhile: threads that take turns would else have it turned
// off by the waiting, and run on for most of their turn before the watcher sees that.
// Subinterpreters with a GIL of their own (3.12+) keep its condition elsewhere: their waiting is
// not told apart.
// THREAD: any. GIL: not held.
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>

#include "agent/async_safe/sampler.h"
#include "agent/python_api.h"
#include "agent/tick_timer.h"
#include "agent/tracing/tracer.h"
#include "base/clock.h"

namespace lineprof {
namespace {

using CondTimedwait = int (*)(pthread_cond_t*, pthread_mutex_t*, const timespec*);

CondTimedwait RealCondTimedwait() {
  static const auto real =
      reinterpret_cast<CondTimedwait>(dlsym(RTLD_NEXT, "pthread_cond_timedwait"));
  return real;
}

// Bytes of _PyRuntime, by the symbol's own word; 0 if it is not told.
uint64_t RuntimeBytes() {
  Dl_info info;
  const ElfW(Sym)* symbol = nullptr;
  if (dladdr1(_PyRuntime, &info, reinterpret_cast<void**>(const_cast<ElfW(Sym)**>(&symbol)),
              RTLD_DL_SYMENT) == 0)
    return 0;
  return symbol == nullptr ? 0 : symbol->st_size;
}

// The calling thread's; null where it is not profiled.
ThreadSlot* OwnSlot() { return t_thread != nullptr ? t_thread->slot : OwnTraceSlot(); }

void StopOwnMonotonicTicks() {
  ThreadState* const thread = t_thread;
  if (thread == nullptr || thread->timer.kind.load() != TimerKind::kMonotonic) return;
  DisarmMonotonicTimer(thread);
}

bool IsGilCondition(const pthread_cond_t* condition) {
  static const uint64_t size = RuntimeBytes();
  return reinterpret_cast<uint64_t>(condition) - reinterpret_cast<uint64_t>(_PyRuntime) < size;
}

}  // namespace
}  // namespace lineprof

extern "C" __attribute__((visibility("default"))) int pthread_cond_timedwait(
    pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  using namespace lineprof;  // NOLINT: the function itself is the C library's
  const CondTimedwait real = RealCondTimedwait();
  if (OwnSlot() == nullptr || !IsGilCondition(condition)) return real(condition, mutex, until);
  StopOwnMonotonicTicks();
  const uint64_t begin = ClockNs(CLOCK_MONOTONIC);
  const int error = real(condition, mutex, until);
  // A thread that ends meanwhile, or a process that forks, has none any more.
  if (ThreadSlot* const slot = OwnSlot(); slot != nullptr) {
    AddTo(slot->gil_wait_ns, ClockNs(CLOCK_MONOTONIC) - begin);
  }
  ResumeOwnTicks(t_thread, g_sampler.period_ns);
  return error;
}
