/* The floor under any signal sampler: the same timers, and a handler that does nothing.
 *
 * Preloaded like the agent (LD_PRELOAD), with LINEPROF_FLOOR=<period in ns>[,monotonic]. Samples the main
 * thread only, which is enough for single-threaded programs.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void Nothing(int signal, siginfo_t* info, void* context) {
  (void)signal, (void)info, (void)context;
}

static int StartPerf(long period_ns) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof(attributes));
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.size = sizeof(attributes);
  attributes.config = PERF_COUNT_SW_CPU_CLOCK;
  attributes.sample_period = (unsigned long)period_ns;
  attributes.wakeup_events = 1;
  int fd = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
  if (fd < 0) return 0;
  struct f_owner_ex owner = {F_OWNER_TID, (pid_t)syscall(SYS_gettid)};
  fcntl(fd, F_SETFL, O_ASYNC);
  fcntl(fd, F_SETSIG, SIGPROF);
  fcntl(fd, F_SETOWN_EX, &owner);
  return 1;
}

static void StartMonotonic(long period_ns) {
  struct sigevent event;
  timer_t timer;
  memset(&event, 0, sizeof(event));
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGPROF;
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) return;
  struct itimerspec times = {{period_ns / 1000000000, period_ns % 1000000000},
                             {period_ns / 1000000000, period_ns % 1000000000}};
  timer_settime(timer, 0, &times, NULL);
}

__attribute__((constructor)) static void Start(void) {
  const char* setting = getenv("LINEPROF_FLOOR");
  if (setting == NULL) return;
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_sigaction = Nothing;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGPROF, &action, NULL);
  const long period_ns = atol(setting);
  if (strstr(setting, "monotonic") != NULL || !StartPerf(period_ns)) StartMonotonic(period_ns);
}
