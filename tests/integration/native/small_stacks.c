// Spins for some milliseconds of CPU time on stacks that leave a signal handler little room. A page
// that cannot be touched lies below each: whoever needs more than there is crashes.
#define _GNU_SOURCE
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define PAGE 4096

// What a handler may take beyond the kernel's own frame: two kilobytes and what it calls.
#define HANDLER_ROOM 4096

static void Spin(int milliseconds) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  const long long end = now.tv_sec * 1000000000LL + now.tv_nsec + milliseconds * 1000000LL;
  do {
    for (volatile int i = 0; i < 2000; ++i) {
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  } while (now.tv_sec * 1000000000LL + now.tv_nsec < end);
}

static size_t SmallStack(void) {
  const size_t bytes = sysconf(_SC_MINSIGSTKSZ) + HANDLER_ROOM;
  return (bytes + PAGE - 1) / PAGE * PAGE;
}

// `bytes` of memory above a guard page.
static char* GuardedStack(size_t bytes) {
  char* memory =
      mmap(NULL, bytes + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory, PAGE, PROT_NONE) != 0) return NULL;
  return memory + PAGE;
}

static ucontext_t g_back, g_there;
static int g_milliseconds;

static void SpinOnContext(void) { Spin(g_milliseconds); }

// As coroutine libraries do: a stack that no thread started on.
int spin_on_context(int milliseconds) {
  g_milliseconds = milliseconds;
  if (getcontext(&g_there) != 0) return 1;
  g_there.uc_stack.ss_size = SmallStack();
  g_there.uc_stack.ss_sp = GuardedStack(g_there.uc_stack.ss_size);
  if (g_there.uc_stack.ss_sp == NULL) return 2;
  g_there.uc_link = &g_back;
  makecontext(&g_there, SpinOnContext, 0);
  return swapcontext(&g_back, &g_there);
}

static void* SpinInThread(void* milliseconds) {
  Spin(*(int*)milliseconds);
  return NULL;
}

int spin_on_smallest_thread(int milliseconds) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  if (pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) != 0) return 1;
  if (pthread_create(&thread, &attributes, SpinInThread, &milliseconds) != 0) return 2;
  return pthread_join(thread, NULL);
}

static void SpinInHandler(int signal) {
  (void)signal;
  Spin(g_milliseconds);
}

// In a handler that runs on an alternative stack: ticks come on top of it.
int spin_on_altstack(int milliseconds) {
  stack_t stack, before;
  struct sigaction action, previous;
  g_milliseconds = milliseconds;
  memset(&stack, 0, sizeof(stack));
  stack.ss_size = 2 * SmallStack();
  stack.ss_sp = GuardedStack(stack.ss_size);
  if (stack.ss_sp == NULL || sigaltstack(&stack, &before) != 0) return 1;
  memset(&action, 0, sizeof(action));
  action.sa_handler = SpinInHandler;
  action.sa_flags = SA_ONSTACK;
  if (sigaction(SIGUSR2, &action, &previous) != 0) return 2;
  raise(SIGUSR2);
  sigaction(SIGUSR2, &previous, NULL);
  return sigaltstack(&before, NULL);
}
