// execve and posix_spawn, stood in front of to name what cannot be followed: a Python that is
// started with an environment without the agent's two variables is not profiled, and the report
// says so. The environment is left as the program made it; a program can tell the difference.
//
// SIGNAL-SAFE: execve, which runs between vfork and exec, in memory shared with the parent. THREAD:
// any. GIL: not needed.
#include <dlfcn.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "agent/async_safe/sampler.h"
#include "recording/recording_file.h"
#include "recording/settings.h"

namespace lineprof {
namespace {

constexpr std::string_view kNotFollowed = "not profiled, its environment lacks lineprof's: ";

bool Has(char* const* environment, std::string_view name) {
  for (char* const* entry = environment; *entry != nullptr; ++entry) {
    if (std::strncmp(*entry, name.data(), name.size()) == 0 && (*entry)[name.size()] == '=') {
      return true;
    }
  }
  return false;
}

// Whether the file is called like an interpreter: python3, pypy3.
bool IsCalledPython(const char* path) {
  const char* slash = std::strrchr(path, '/');
  const char* name = slash == nullptr ? path : slash + 1;
  return std::strncmp(name, "python", 6) == 0 || std::strncmp(name, "pypy", 4) == 0;
}

void NameIfLost(const char* path, char* const* environment) {
  // A forked child, unlike one of vfork, has no recording to write this into.
  if (!g_sampler.enabled.load(std::memory_order_relaxed)) return;
  if (path == nullptr || environment == nullptr) return;
  if (Has(environment, "LD_PRELOAD") && Has(environment, kSettingsVariable)) return;
  // A search along PATH tries files that are not there.
  if (!IsCalledPython(path) || access(path, X_OK) != 0) return;
  char note[512];
  const std::string_view name(path,
                              std::min(std::strlen(path), sizeof(note) - kNotFollowed.size()));
  char* end = std::copy(kNotFollowed.begin(), kNotFollowed.end(), note);
  end = std::copy(name.begin(), name.end(), end);
  AddNote(g_sampler.map, {note, static_cast<size_t>(end - note)});
}

using PosixSpawn = int (*)(pid_t*, const char*, const posix_spawn_file_actions_t*,
                           const posix_spawnattr_t*, char* const[], char* const[]);

}  // namespace
}  // namespace lineprof

extern "C" {

__attribute__((visibility("default"))) int execve(const char* path, char* const arguments[],
                                                  char* const environment[]) noexcept {
  lineprof::NameIfLost(path, environment);
  return static_cast<int>(syscall(SYS_execve, path, arguments, environment));
}

__attribute__((visibility("default"))) int posix_spawn(pid_t* pid, const char* path,
                                                       const posix_spawn_file_actions_t* actions,
                                                       const posix_spawnattr_t* attributes,
                                                       char* const arguments[],
                                                       char* const environment[]) {
  static const auto real = reinterpret_cast<lineprof::PosixSpawn>(dlsym(RTLD_NEXT, "posix_spawn"));
  lineprof::NameIfLost(path, environment);
  return real(pid, path, actions, attributes, arguments, environment);
}
}
