// timer_create(2) on CLOCK_MONOTONIC with SIGEV_THREAD_ID. The signal's value is the ThreadState,
// by which the handler knows its own ticks. Deleted by exec, not inherited by fork.
#include <csignal>

#include "agent/tick_timer.h"
#include "base/clock.h"

namespace lineprof {
bool StartMonotonicTimer(ThreadState* thread, uint64_t period_ns, int signal) {
  sigevent event{};
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = signal;
  event.sigev_value.sival_ptr = thread;
  event._sigev_un._tid = thread->tid;
  if (timer_create(CLOCK_MONOTONIC, &event, &thread->timer.posix_timer) != 0) return false;
  thread->timer.kind.store(TimerKind::kMonotonic);
  ArmMonotonicTimer(thread, period_ns, period_ns);
  return true;
}

void ArmMonotonicTimer(ThreadState* thread, uint64_t first_ns, uint64_t period_ns) {
  const itimerspec times{ToTimespec(period_ns), ToTimespec(first_ns)};
  thread->timer.armed.store(true, std::memory_order_relaxed);
  timer_settime(thread->timer.posix_timer, 0, &times, nullptr);
}

void DisarmMonotonicTimer(ThreadState* thread) {
  const itimerspec never{};
  thread->timer.armed.store(false, std::memory_order_relaxed);
  timer_settime(thread->timer.posix_timer, 0, &never, nullptr);
}

void ResumeMonotonicTimer(ThreadState* thread, uint64_t cpu_ns, uint64_t asked_period_ns) {
  const uint64_t period = TickPeriod(asked_period_ns);
  const uint64_t used = cpu_ns - thread->last_cpu_ns.load(std::memory_order_relaxed);
  ArmMonotonicTimer(thread, used < period ? period - used : 1, period);
}

void ResumeOwnTicks(ThreadState* thread, uint64_t asked_period_ns) {
  if (thread == nullptr || thread->timer.kind.load() != TimerKind::kMonotonic) return;
  ResumeMonotonicTimer(thread, ClockNs(CLOCK_THREAD_CPUTIME_ID), asked_period_ns);
}

void DeleteMonotonicTimer(ThreadState* thread) {
  timer_delete(thread->timer.posix_timer);
  thread->timer.kind.store(TimerKind::kNone);
  thread->timer.armed.store(false, std::memory_order_relaxed);
}

}  // namespace lineprof
