// perf_event_open(2), PERF_COUNT_SW_CPU_CLOCK: an hrtimer that runs while the thread does. An
// overflow raises the signal by the descriptor's O_ASYNC (fcntl(2): F_SETSIG, F_SETOWN_EX with
// F_OWNER_TID). A shared mapping of the event's first page holds a reference to the open file, so
// the descriptor can be closed at once and the event goes on; unmapping ends it.
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "agent/tick_timer.h"

namespace lineprof {
namespace {

constexpr size_t kPageBytes = 4096;

bool RouteSignal(int fd, pid_t tid, int signal) {
  const f_owner_ex owner{F_OWNER_TID, tid};
  return fcntl(fd, F_SETFL, O_ASYNC) == 0 && fcntl(fd, F_SETSIG, signal) == 0 &&
         fcntl(fd, F_SETOWN_EX, &owner) == 0;
}

}  // namespace

bool StartPerfTimer(ThreadState* thread, uint64_t period_ns, int signal) {
  // Where a real-time signal cannot be queued the kernel sends SIGIO, which ends a program.
  if (signal >= SIGRTMIN) {
    errno = EINVAL;
    return false;
  }
  perf_event_attr attributes{};
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.size = sizeof(attributes);
  attributes.config = PERF_COUNT_SW_CPU_CLOCK;
  attributes.sample_period = period_ns;
  attributes.wakeup_events = 1;
  attributes.exclude_hv = 1;
  const int fd = static_cast<int>(
      syscall(SYS_perf_event_open, &attributes, thread->tid, -1, -1, PERF_FLAG_FD_CLOEXEC));
  if (fd < 0) return false;
  void* page = mmap(nullptr, kPageBytes, PROT_READ, MAP_SHARED, fd, 0);
  const bool routed = page != MAP_FAILED && RouteSignal(fd, thread->tid, signal);
  const int error = errno;
  close(fd);
  if (!routed) {
    if (page != MAP_FAILED) munmap(page, kPageBytes);
    errno = error;
    return false;
  }
  thread->timer.perf_page = page;
  thread->timer.kind.store(TimerKind::kPerf);
  return true;
}

void RestartPerfTimer(ThreadState* thread, uint64_t period_ns, int signal) {
  void* const old_page = thread->timer.perf_page;
  if (StartPerfTimer(thread, period_ns, signal)) munmap(old_page, kPageBytes);
}

void StopPerfTimer(ThreadState* thread) {
  if (thread->timer.perf_page != nullptr) munmap(thread->timer.perf_page, kPageBytes);
  thread->timer.perf_page = nullptr;
  thread->timer.kind.store(TimerKind::kNone);
}

}  // namespace lineprof
