/* The floor under any signal sampler: the same timers, and a handler that does nothing.
 *
 * Preloaded like the agent (LD_PRELOAD), with LINEPROF_FLOOR=<period in ns>[,monotonic]. Samples the main
 * thread only, which is enough for single-threaded programs. SIGUSR2 stops the ticks and lets them go on.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int perf_event = -1;
static timer_t timer;
static long period_ns;
static int is_on = 1;

static void Nothing(int signal, siginfo_t* info, void* context) {
  (void)signal, (void)info, (void)context;
}

static int StartPerf(void) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof(attributes));
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.size = sizeof(attributes);
  attributes.config = PERF_COUNT_SW_CPU_CLOCK;
  attributes.sample_period = (unsigned long)period_ns;
  attributes.wakeup_events = 1;
  perf_event = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
  if (perf_event < 0) return 0;
  struct f_owner_ex owner = {F_OWNER_TID, (pid_t)syscall(SYS_gettid)};
  fcntl(perf_event, F_SETFL, O_ASYNC);
  fcntl(perf_event, F_SETSIG, SIGPROF);
  fcntl(perf_event, F_SETOWN_EX, &owner);
  return 1;
}

static void ArmMonotonic(long period) {
  const struct timespec time = {period / 1000000000, period % 1000000000};
  const struct itimerspec times = {time, time};
  timer_settime(timer, 0, &times, NULL);
}

static void StartMonotonic(void) {
  struct sigevent event;
  memset(&event, 0, sizeof(event));
  event.sigev_notify = SIGEV_THREAD_ID;
  event.sigev_signo = SIGPROF;
  event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
  if (timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) ArmMonotonic(period_ns);
}

static void Toggle(int signal) {
  (void)signal;
  is_on = !is_on;
  if (perf_event >= 0) {
    ioctl(perf_event, is_on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
  } else {
    ArmMonotonic(is_on ? period_ns : 0);
  }
}

__attribute__((constructor)) static void Start(void) {
  const char* setting = getenv("LINEPROF_FLOOR");
  if (setting == NULL) return;
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_sigaction = Nothing;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGPROF, &action, NULL);
  struct sigaction toggle;
  memset(&toggle, 0, sizeof(toggle));
  toggle.sa_handler = Toggle;
  toggle.sa_flags = SA_RESTART;
  sigaction(SIGUSR2, &toggle, NULL);
  period_ns = atol(setting);
  if (strstr(setting, "monotonic") != NULL || !StartPerf()) StartMonotonic();
}
