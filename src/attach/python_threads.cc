#include "attach/python_threads.h"

#include <algorithm>

#include "base/process_files.h"

namespace lineprof {
namespace {

// `tid` in glibc's struct pthread, behind the thread control block of fixed size and the list of
// stacks (nptl/descr.h; the same in all of glibc 2.x on x86-64). Believed only if the process has
// such a thread.
constexpr uint64_t kTidInPthread = 720;

}  // namespace

uint64_t PythonThreads::ReadHead(uint64_t* first_interpreter) const {
  uint64_t head = 0;
  *first_interpreter = 0;
  if (!ReadValue(target_.memory, target_.runtime + target_.layout.interpreters_head,
                 first_interpreter) ||
      !IsPlausiblePointer(*first_interpreter) ||
      !ReadValue(target_.memory, *first_interpreter + target_.layout.threads_head, &head)) {
    return 0;
  }
  return head;
}

bool PythonThreads::MayHaveNew() {
  uint64_t interpreter = 0;
  const uint64_t head = ReadHead(&interpreter);
  return head != last_head_ || interpreter != last_interpreter_;
}

std::vector<PythonThread> PythonThreads::List() {
  last_head_ = ReadHead(&last_interpreter_);
  RefreshTasks();
  std::map<pid_t, PythonThread> threads;
  uint64_t interpreter = last_interpreter_;
  for (int i = 0; i < kMaxInterpreters && IsPlausiblePointer(interpreter); ++i) {
    ListInterpreter(interpreter, &threads);
    if (!ReadValue(target_.memory, interpreter + target_.layout.interpreter_next, &interpreter)) {
      break;
    }
  }
  std::vector<PythonThread> list;
  list.reserve(threads.size());
  for (auto& [tid, thread] : threads) list.push_back(std::move(thread));
  return list;
}

void PythonThreads::ListInterpreter(uint64_t interpreter, std::map<pid_t, PythonThread>* threads) {
  const FrameLayout& layout = target_.walk.layout;
  uint64_t state = 0;
  if (!ReadValue(target_.memory, interpreter + target_.layout.threads_head, &state)) return;
  for (int i = 0; i < kMaxThreads && IsPlausiblePointer(state); ++i) {
    uint64_t owner = 0;
    uint64_t pthread = 0;
    if (!ReadValue(target_.memory, state + layout.thread_interpreter, &owner) ||
        owner != interpreter || !ReadValue(target_.memory, state + layout.thread_id, &pthread)) {
      return;
    }
    if (const pid_t tid = TaskId(pthread)) {
      (*threads)[tid].tid = tid;
      (*threads)[tid].states.push_back(state);
    }
    if (!ReadValue(target_.memory, state + layout.thread_next, &state)) return;
  }
}

pid_t PythonThreads::TaskId(uint64_t pthread) {
  int32_t inner = 0;
  if (!IsPlausiblePointer(pthread) || !ReadValue(target_.memory, pthread + kTidInPthread, &inner)) {
    return 0;
  }
  const auto found = tasks_.find(inner);
  return found == tasks_.end() ? 0 : found->second;
}

void PythonThreads::RefreshTasks() {
  const std::vector<pid_t> tasks = ListTasks(target_.pid);
  std::map<pid_t, pid_t> known;
  for (const auto& [inner, tid] : tasks_) known[tid] = inner;
  tasks_.clear();
  for (const pid_t tid : tasks) {
    const auto found = known.find(tid);
    const pid_t inner = found != known.end() ? found->second : InnerTaskId(target_.pid, tid);
    if (inner != 0) tasks_[inner] = tid;
  }
}

uint64_t PythonThreads::GilHolder(uint64_t state) const {
  const RuntimeLayout& layout = target_.layout;
  uint64_t gil = target_.runtime + layout.gil;
  if (layout.gil_is_per_interpreter) {
    uint64_t interpreter = 0;
    if (!ReadValue(target_.memory, state + target_.walk.layout.thread_interpreter, &interpreter) ||
        !ReadValue(target_.memory, interpreter + layout.gil, &gil)) {
      return 0;
    }
  }
  uint64_t holder = 0;
  int32_t locked = 0;
  if (!ReadValue(target_.memory, gil + layout.gil_locked, &locked) || locked != 1 ||
      !ReadValue(target_.memory, gil + layout.gil_holder, &holder)) {
    return 0;
  }
  return holder;
}

}  // namespace lineprof
