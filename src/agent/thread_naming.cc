#include "agent/thread_naming.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <cstring>

#include "agent/async_safe/sampler.h"
#include "agent/task_file.h"
#include "agent/thread_object.h"
#include "pyruntime/thread_name.h"
#include "recording/thread_slots.h"

namespace lineprof {
namespace {

constexpr size_t kKernelNameBytes = 16;  // prctl(2), PR_GET_NAME

// The interpreter's str "_name".
std::atomic<uint64_t> g_name_key{0};

bool SetPythonName(ThreadSlot* slot, uint64_t object) {
  ThreadName name;
  if (object == 0 || !ReadThreadName(g_sampler.context.checked, g_sampler.context.layout, object,
                                     &g_name_key, &name)) {
    return false;
  }
  SetThreadName(slot, {name.bytes, name.size}, name.width);
  return true;
}

}  // namespace

void NameOwnThread(ThreadSlot* slot) {
  if (SetPythonName(slot, t_thread_object)) return;
  if (slot->tid == getpid()) return SetThreadName(slot, "MainThread", 1);
  char name[kKernelNameBytes] = {};
  if (prctl(PR_GET_NAME, name) == 0) SetThreadName(slot, name, 0);
}

void NameThreadAgain(const ThreadState& thread) {
  if (SetPythonName(thread.slot, thread.python_object) || thread.tid == getpid()) return;
  char name[kKernelNameBytes + 1];
  if (!ReadTaskFile(thread.tid, "comm", name, sizeof(name))) return;
  SetThreadName(thread.slot, {name, std::strcspn(name, "\n")}, 0);
}

}  // namespace lineprof
