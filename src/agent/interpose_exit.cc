// _exit and _Exit, stood in front of to know the status of a process that ends by them: os._exit,
// and so every forked child of multiprocessing. Nothing else is called on that way out.
//
// SIGNAL-SAFE: they run in children of vfork, in memory shared with the parent. THREAD: any.
#include <sys/syscall.h>
#include <unistd.h>

#include "agent/agent.h"

extern "C" {

__attribute__((visibility("default"), noreturn)) void _exit(int status) {
  lineprof::NoteAbruptExit(status);
  for (;;) syscall(SYS_exit_group, status);
}

__attribute__((visibility("default"), noreturn)) void _Exit(int status) noexcept {
  lineprof::NoteAbruptExit(status);
  for (;;) syscall(SYS_exit_group, status);
}
}
