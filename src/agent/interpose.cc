// The libc functions that the agent stands in front of for the sake of threads and signals. Where
// the agent is inert each is the real one and nothing else.
//
// pthread_create: to see threads start and end, and which threading.Thread they belong to.
// sigaction and signal: a program that sets or asks for the tick signal gets what it would get
// without lineprof; its handler is called for the signals that are not ticks. pthread_setspecific:
// by it the interpreter binds a thread state to its thread (up to 3.13), which deterministic mode
// must know before the thread runs Python code.
#include <dlfcn.h>
#include <signal.h>

#include <cerrno>
#include <cstdlib>

#include "agent/async_safe/sampler.h"
#include "agent/python_api.h"
#include "agent/real_functions.h"
#include "agent/thread_object.h"
#include "agent/thread_registry.h"
#include "agent/tracing/event_source.h"
#include "agent/tracing/tracer.h"
#include "pyruntime/thread_name.h"

namespace lineprof {

PthreadCreate RealPthreadCreate() {
  static const auto real = reinterpret_cast<PthreadCreate>(dlsym(RTLD_NEXT, "pthread_create"));
  return real;
}

Sigaction RealSigaction() {
  static const auto real = reinterpret_cast<Sigaction>(dlsym(RTLD_NEXT, "sigaction"));
  return real;
}

namespace {

using PthreadSetspecific = int (*)(pthread_key_t, const void*);
PthreadSetspecific RealPthreadSetspecific() {
  static const auto real =
      reinterpret_cast<PthreadSetspecific>(dlsym(RTLD_NEXT, "pthread_setspecific"));
  return real;
}

// The interpreter's thread state is what its own function now gives.
void OnSpecificSet(const void* value) {
  AskForEvents();
  if (IsTracing() && PyGILState_GetThisThreadState() == value) {
    TraceNewThread(const_cast<void*>(value));
  }
}

struct ThreadStart {
  void* (*routine)(void*);
  void* argument;
};

uint64_t FindOwnThreadObject(const ThreadStart& start) {
  if (PyMethod_Type == nullptr) return 0;
  return FindThreadObject(g_sampler.context.checked, reinterpret_cast<uint64_t>(start.argument),
                          reinterpret_cast<uint64_t>(PyMethod_Type));
}

void* RunThread(void* data) {
  const ThreadStart start = *static_cast<ThreadStart*>(data);
  std::free(data);
  t_thread_object = FindOwnThreadObject(start);
  if (g_sampler.enabled.load(std::memory_order_relaxed)) AttachCurrentThread();
  return start.routine(start.argument);
}

bool IsTickSignal(int signal) { return g_sampler.signal != 0 && signal == g_sampler.signal; }

}  // namespace
}  // namespace lineprof

using lineprof::g_sampler;

extern "C" {

__attribute__((visibility("default"))) int pthread_create(pthread_t* thread,
                                                          const pthread_attr_t* attributes,
                                                          void* (*routine)(void*),
                                                          void* argument) noexcept {
  const lineprof::PthreadCreate real = lineprof::RealPthreadCreate();
  const bool is_sampled =
      g_sampler.enabled.load(std::memory_order_relaxed) && !g_sampler.main_thread_only;
  if (!is_sampled && !lineprof::IsTracing()) {
    return real(thread, attributes, routine, argument);
  }
  auto* start = static_cast<lineprof::ThreadStart*>(std::malloc(sizeof(lineprof::ThreadStart)));
  if (start == nullptr) return real(thread, attributes, routine, argument);
  *start = {routine, argument};
  const int error = real(thread, attributes, lineprof::RunThread, start);
  if (error != 0) std::free(start);
  return error;
}

__attribute__((visibility("default"))) int pthread_setspecific(pthread_key_t key,
                                                               const void* value) noexcept {
  const int error = lineprof::RealPthreadSetspecific()(key, value);
  if (value != nullptr) lineprof::OnSpecificSet(value);
  return error;
}

__attribute__((visibility("default"))) int sigaction(int signal, const struct sigaction* action,
                                                     struct sigaction* previous) noexcept {
  lineprof::AskForEvents();  // the interpreter sets SIGPIPE in its start
  if (!lineprof::IsTickSignal(signal)) return lineprof::RealSigaction()(signal, action, previous);
  const struct sigaction before = g_sampler.program_action;
  if (action != nullptr) g_sampler.program_action = *action;
  if (previous != nullptr) *previous = before;
  return 0;
}

__attribute__((visibility("default"))) sighandler_t signal(int number,
                                                           sighandler_t handler) noexcept {
  struct sigaction action {};
  struct sigaction previous {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  if (handler == SIG_ERR) {
    errno = EINVAL;
    return SIG_ERR;
  }
  sigemptyset(&action.sa_mask);
  return sigaction(number, &action, &previous) == 0 ? previous.sa_handler : SIG_ERR;
}
}
