// The wait functions, stood in front of to know how child processes ended: the kernel tells only
// who waits for them, so what it says is written into the child's recording. What the program gets
// is what the real function gave.
//
// This holds in any process that has lineprof's settings, Python or not: a shell, or timeout(1),
// that runs a Python is its parent, too. Children without a recording cost one look for a file.
//
// Not seen: children that nobody waits for (SIGCHLD ignored), and waits inside libc (system,
// pclose) or without it.
//
// SIGNAL-SAFE, as the real ones are: programs wait in handlers of SIGCHLD. THREAD: any. GIL: not
// needed. errno is the real function's.
#include <dlfcn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cstdlib>

#include "recording/process_end.h"
#include "recording/settings.h"

namespace lineprof {
namespace {

using Wait4 = pid_t (*)(pid_t, int*, int, rusage*);
using Waitid = int (*)(idtype_t, id_t, siginfo_t*, int);

Wait4 RealWait4() {
  static const auto real = reinterpret_cast<Wait4>(dlsym(RTLD_NEXT, "wait4"));
  return real;
}

Waitid RealWaitid() {
  static const auto real = reinterpret_cast<Waitid>(dlsym(RTLD_NEXT, "waitid"));
  return real;
}

// Where the run's recordings are; empty where there is no run.
char g_directory[4096];

// dlsym is not async-signal-safe, so the real functions are found before any handler can run.
__attribute__((constructor)) void PrepareWaits() {
  RealWait4();
  RealWaitid();
  const char* const text = std::getenv(kSettingsVariable);
  if (text == nullptr) return;
  const Result<Settings> settings = DecodeSettings(text);
  if (!settings.ok() || settings.value().directory.size() >= sizeof(g_directory)) return;
  settings.value().directory.copy(g_directory, sizeof(g_directory) - 1);  // it is zeroed
}

pid_t WaitAndNote(pid_t pid, int* status, int options, rusage* usage) {
  int own_status = 0;
  int& seen = status != nullptr ? *status : own_status;
  const pid_t ended = RealWait4()(pid, &seen, options, usage);
  if (ended <= 0 || g_directory[0] == '\0') return ended;
  if (WIFSIGNALED(seen)) {
    SetEndOfChild(g_directory, ended, EndKind::kSignal, static_cast<uint32_t>(WTERMSIG(seen)));
  } else if (WIFEXITED(seen)) {
    SetEndOfChild(g_directory, ended, EndKind::kExit, static_cast<uint32_t>(WEXITSTATUS(seen)));
  }
  return ended;
}

void NoteWaited(const siginfo_t& info) {
  if (info.si_pid <= 0 || g_directory[0] == '\0') return;
  const auto value = static_cast<uint32_t>(info.si_status);
  if (info.si_code == CLD_EXITED) {
    SetEndOfChild(g_directory, info.si_pid, EndKind::kExit, value & 0xff);
  } else if (info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED) {
    SetEndOfChild(g_directory, info.si_pid, EndKind::kSignal, value);
  }
}

}  // namespace
}  // namespace lineprof

#define LINEPROF_EXPORT __attribute__((visibility("default")))

// The first four are one system call (wait4(2)), in libc too.
extern "C" {

LINEPROF_EXPORT pid_t wait(int* status) { return lineprof::WaitAndNote(-1, status, 0, nullptr); }

LINEPROF_EXPORT pid_t waitpid(pid_t pid, int* status, int options) {
  return lineprof::WaitAndNote(pid, status, options, nullptr);
}

LINEPROF_EXPORT pid_t wait3(int* status, int options, rusage* usage) noexcept {
  return lineprof::WaitAndNote(-1, status, options, usage);
}

LINEPROF_EXPORT pid_t wait4(pid_t pid, int* status, int options, rusage* usage) noexcept {
  return lineprof::WaitAndNote(pid, status, options, usage);
}

LINEPROF_EXPORT int waitid(idtype_t kind, id_t id, siginfo_t* info, int options) {
  const int error = lineprof::RealWaitid()(kind, id, info, options);
  // Without a child that ended (WNOHANG) the kernel leaves si_pid 0.
  if (error == 0 && info != nullptr) lineprof::NoteWaited(*info);
  return error;
}
}
