// The agent's life: it wakes when its library is loaded, before main, and is inert unless the
// process is a CPython that it knows and the launcher has left its settings.
//
// Failing is quiet and harmless by rule: whatever cannot be had here leaves the program running as
// if lineprof were not there, after one line on standard error or in the recording.
#include "agent/agent.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

#include "agent/async_safe/sampler.h"
#include "agent/python_api.h"
#include "agent/python_hooks.h"
#include "agent/real_functions.h"
#include "agent/thread_naming.h"
#include "agent/thread_registry.h"
#include "agent/tracing/tracer.h"
#include "agent/watcher.h"
#include "base/clock.h"
#include "pyruntime/object_layout.h"
#include "pyruntime/task_name.h"
#include "recording/control.h"
#include "recording/recording.h"
#include "recording/recording_file.h"
#include "recording/settings.h"
#include "recording/thread_slots.h"

namespace lineprof {
namespace {

// A signal that is ignored by default cannot end a program: not when it is pending as the program
// execs another, nor where the program resets it. And hardly any program handles SIGURG.
constexpr int kDefaultSignal = SIGURG;

Settings* g_settings = nullptr;  // never freed: children need it after a fork
RecordingFile g_file;
RecordingFacts g_facts;
const ControlWord* g_control = nullptr;

// The process whose recording is mapped: not that of a child of fork or vfork, which has its own
// or none.
std::atomic<pid_t> g_recorded_process{0};

struct PythonVersion {
  int major = 0;
  int minor = 0;
  int micro = 0;
};

PythonVersion ReadVersion() {
  PythonVersion version;
  std::sscanf(Py_GetVersion(), "%d.%d.%d", &version.major, &version.minor, &version.micro);
  return version;
}

Result<FrameLayout> FindLayout(const PythonVersion& version) {
  if (std::strstr(Py_GetVersion(), "free-threading") != nullptr) {
    return Error{"free-threaded builds of Python are not supported"};
  }
  if (version.major != 3 || version.minor < 13) {
    return LayoutFromTable(version.major, version.minor);
  }
  if (_PyRuntime == nullptr) return Error{"this Python does not tell its layout (no _PyRuntime)"};
  return LayoutFromDebugOffsets(
      {reinterpret_cast<const std::byte*>(_PyRuntime), kDebugOffsetsBytes}, version.major,
      version.minor);
}

// Unknown, which is no reason not to sample, where the interpreter's layout does not tell.
TaskLayout FindTasks(const PythonVersion& version) {
  std::span<const std::byte> runtime;
  if (version.minor >= 13) {
    runtime = {reinterpret_cast<const std::byte*>(_PyRuntime), kDebugOffsetsBytes};
  }
  const Result<ObjectLayout> objects = FindObjectLayout(version.minor, runtime);
  if (!objects) {
    AddNote(g_file.map, "asyncio tasks are not told apart: " + objects.error());
    return {};
  }
  return FindTaskLayout(version.minor, objects.value());
}

LineTableFormat TableFormat(const PythonVersion& version) {
  if (version.minor < 10) return LineTableFormat::kLnotab;
  return version.minor == 10 ? LineTableFormat::kPep626 : LineTableFormat::kLocations;
}

void Complain(const char* what, int error) {
  std::fprintf(stderr, "lineprof: process %ld is not profiled: %s: %s\n",
               static_cast<long>(getpid()), what, std::strerror(error));
}

// Begins the recording of this process. False, having said why, if it cannot be.
bool OpenRecording() {
  // A child that outlives the launcher finds its directory gone: nobody is there to read or be
  // told.
  if (access(g_settings->directory.c_str(), F_OK) != 0) return false;
  const char* failed = CreateRecordingFile(g_settings->directory, g_facts, &g_file);
  if (failed != nullptr) {
    Complain(failed, errno);
    return false;
  }
  g_sampler.map = g_file.map;
  g_sampler.context.checked = CheckedMemory{getpid()};
  g_recorded_process.store(getpid());
  return true;
}

void Refuse(const char* reason) {
  RecordingHeader& header = g_file.map.header();
  header.refusal = AddText(g_file.map, reason);
}

void OnSelfTestFailed(const char* reason) {
  g_sampler.enabled.store(false);
  char text[512];
  std::snprintf(text, sizeof(text), "Python %.20s did not pass the self-test: %s", Py_GetVersion(),
                reason);
  Refuse(text);
}

bool OnWatcherReady();

// In a new recording: as the run's control word is now.
void BeginPausedOrNot() {
  const bool paused = IsPaused(g_control);
  if (paused != ThreadsPaused()) paused ? PauseThreads() : ResumeThreads();
  RecordingHeader& header = g_file.map.header();
  if (paused) header.pause_began_ns = header.start_monotonic_ns;
}

void StartSampling() {
  BeginPausedOrNot();
  g_sampler.enabled.store(true);
  AttachCurrentThread();
  if (!StartWatcher({&g_file, g_settings->watch_waiting, g_control, OnWatcherReady})) {
    AddNote(g_file.map, "no watcher thread: waiting times are missing");
    if (t_thread != nullptr) UpgradeTicks(t_thread);
  }
}

// os.fork(): CPython 3.12+ warns when the process has more than one thread (posixmodule.c,
// warn_about_fork_with_threads), so the watcher must not be seen then.
void BeforePythonFork() { StopWatcher(); }
int RestartWatcherNow(void*) {
  if (g_sampler.enabled.load()) RestartWatcher();
  return 0;
}
// Some versions count the threads after this, so it waits for the next bytecode. In a thread other
// than the main one the warning is right.
void AfterPythonForkInParent() {
  const bool may_look = g_sampler.context.layout.minor >= 12 && gettid() == getpid();
  if (!may_look || Py_AddPendingCall(RestartWatcherNow, nullptr) != 0) RestartWatcherNow(nullptr);
}

// The child's own recording begins only now, in a process that goes on as Python: not in the many
// that are forked to exec something else.
std::atomic<bool> g_forked_child{false};
void BeginInChild() {
  if (!g_forked_child.exchange(false)) return;
  if (!OpenRecording()) return;
  if (g_settings->trace) {
    ResumeTracingInChild();
  } else {
    StartSampling();
  }
}

bool OnWatcherReady() {
  return RequestHooks({BeforePythonFork, AfterPythonForkInParent, BeginInChild}, OnSelfTestFailed);
}

void OnTracingBegins() {
  RunHooksNow({BeforePythonFork, AfterPythonForkInParent, BeginInChild}, OnSelfTestFailed);
}

// pthread_atfork handlers, for every fork(). Sampling may end meanwhile: what was locked is
// unlocked.
thread_local bool t_locked_for_fork = false;
void PrepareFork() {
  t_locked_for_fork = g_sampler.enabled.load();
  if (t_locked_for_fork) LockForFork();
}
void AfterForkInParent() {
  if (t_locked_for_fork) UnlockInParent();
}
void AfterForkInChild() {
  // The recording's mapping did not come along.
  if (g_settings->trace) {
    SuspendTracingInChild();
  } else {
    if (!t_locked_for_fork) return;
    g_sampler.enabled.store(false);
    ForgetWatcher();
    ResetInChild();
  }
  g_forked_child.store(true);
  if (!ForkHooksInstalled()) BeginInChild();
}

bool InstallHandler(int signal) {
  struct sigaction action {};
  action.sa_sigaction = HandleSignal;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigfillset(&action.sa_mask);
  // The handler is installed for good; the program keeps seeing the disposition from before.
  if (RealSigaction()(signal, &action, &g_sampler.program_action) != 0) return false;
  g_sampler.real_sigaction = RealSigaction();
  g_sampler.signal = signal;
  return true;
}

void PrepareSampler(const FrameLayout& layout, const PythonVersion& version) {
  g_sampler.context.layout = layout;
  g_sampler.context.code_type = reinterpret_cast<uint64_t>(PyCode_Type);
  g_sampler.period_ns = g_settings->period_ns;
  g_sampler.main_thread_only = g_settings->main_thread_only;
  g_sampler.keeps_timeline = g_settings->timeline_limit != 0;
  g_sampler.this_thread_state = PyGILState_GetThisThreadState;
  if (g_settings->by_task) g_sampler.context.tasks = FindTasks(version);
  g_sampler.attached_thread_state = PyThreadState_GetUnchecked != nullptr
                                        ? PyThreadState_GetUnchecked
                                        : _PyThreadState_UncheckedGet;
  g_sampler.attached_is_own = version.minor >= 12;
}

// Deterministic mode: no timers, no handler, no watcher.
void StartTracing(const FrameLayout& layout) {
  const auto format = static_cast<LineTableFormat>(g_facts.line_table_format);
  if (!PrepareTracer({g_settings, &g_file, layout, format, OnTracingBegins, NameOwnThread}) ||
      pthread_atfork(nullptr, nullptr, AfterForkInChild) != 0) {
    Refuse("the interpreter takes no audit hook, or the system has no pthread key left");
  }
}

// on_exit(3): the status that the process exits with.
void OnExitStatus(int status, void*) { NoteExit(status); }

__attribute__((constructor)) void OnLoad() {
  const char* text = std::getenv(kSettingsVariable);
  if (text == nullptr || Py_GetVersion == nullptr || Py_IsInitialized == nullptr ||
      PyGILState_GetThisThreadState == nullptr || PyCode_Type == nullptr) {
    return;
  }
  Result<Settings> settings = DecodeSettings(text);
  if (!settings) {
    std::fprintf(stderr, "lineprof: %s\n", settings.error().c_str());
    return;
  }
  g_settings = new Settings(std::move(settings).value());
  const PythonVersion version = ReadVersion();
  g_facts.period_ns = g_settings->period_ns;
  g_facts.timeline_limit = g_settings->trace ? 0 : g_settings->timeline_limit;
  g_facts.by_thread = g_settings->by_thread;
  g_facts.python_hex_version =
      static_cast<uint32_t>(version.major << 16 | version.minor << 8 | version.micro);
  g_facts.line_table_format = static_cast<uint32_t>(TableFormat(version));
  if (!OpenRecording()) return;
  on_exit(OnExitStatus, nullptr);
  g_control = MapControl(g_settings->directory.c_str());
  const Result<FrameLayout> layout = FindLayout(version);
  if (!layout) return Refuse(layout.error().c_str());
  PrepareSampler(layout.value(), version);
  if (g_settings->trace) return StartTracing(layout.value());
  const int signal = g_settings->signal != 0 ? g_settings->signal : kDefaultSignal;
  // A process whose last thread ends is over (pthread_exit in main, a fork in a thread): the
  // watcher must not keep it alive.
  if (!InitThreadRegistry(
          {g_settings->period_ns, signal, g_settings->timer, g_settings->by_thread, StopWatcher}) ||
      pthread_atfork(PrepareFork, AfterForkInParent, AfterForkInChild) != 0) {
    return Refuse("the system has no pthread key or atfork place left");
  }
  if (!InstallHandler(signal)) return Refuse("the tick signal cannot be handled");
  StartSampling();
}

__attribute__((destructor)) void OnExit() {
  if (g_settings != nullptr && g_settings->trace) return EndTracing();
  if (!g_sampler.enabled.exchange(false)) return;
  StopWatcher();
  const uint64_t now = ClockNs(CLOCK_MONOTONIC);
  if (t_thread != nullptr && !ThreadsPaused()) {
    StopTicks(t_thread);
    SetThreadTimes(t_thread->slot, {now, ClockNs(CLOCK_THREAD_CPUTIME_ID)});
  }
  RecordingHeader& header = g_file.map.header();
  StoreTo(header.end_monotonic_ns, now);
  std::atomic_ref<uint32_t>(header.ended).store(1);
}

}  // namespace

void NoteExit(int status) {
  if (g_recorded_process.load(std::memory_order_relaxed) != getpid()) return;
  RecordingHeader& header = g_file.map.header();
  std::atomic_ref<uint32_t>(header.end_value).store(static_cast<uint32_t>(status) & 0xff);
  std::atomic_ref<uint32_t>(header.end_kind).store(static_cast<uint32_t>(EndKind::kExit));
}

void NoteAbruptExit(int status) {
  if (g_recorded_process.load(std::memory_order_relaxed) != getpid()) return;
  NoteExit(status);
  const uint64_t now = ClockNs(CLOCK_MONOTONIC);
  ThreadSlot* const slot = t_thread != nullptr ? t_thread->slot : OwnTraceSlot();
  if (slot != nullptr && !ThreadsPaused())
    SetThreadTimes(slot, {now, ClockNs(CLOCK_THREAD_CPUTIME_ID)});
  RecordingHeader& header = g_file.map.header();
  StoreTo(header.end_monotonic_ns, now);
  std::atomic_ref<uint32_t>(header.ended).store(1);
}

}  // namespace lineprof
