// Threads that the interpreter knows nothing of until they call into it.
#include <pthread.h>
#include <stddef.h>

static void* Enter(void* entry) {
  ((void (*)(void))entry)();
  return NULL;
}

// Calls `entry` once in each of `count` new threads, one after the other. 0 on success.
int run_in_threads(void (*entry)(void), int count) {
  for (int i = 0; i < count; ++i) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, Enter, (void*)entry) != 0) return 1;
    if (pthread_join(thread, NULL) != 0) return 2;
  }
  return 0;
}
