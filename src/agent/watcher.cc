#include "agent/watcher.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "agent/async_safe/sampler.h"
#include "agent/python_api.h"
#include "agent/python_hooks.h"
#include "agent/real_functions.h"
#include "agent/task_file.h"
#include "agent/thread_naming.h"
#include "agent/thread_registry.h"
#include "agent/tick_timer.h"
#include "base/clock.h"
#include "recorder/wait_accounting.h"
#include "recording/timeline_log.h"

namespace lineprof {
namespace {

constexpr uint64_t kMinLookNs = 1'000'000;
// How much less often it looks when no wait begins or ends, and when no thread that runs waits.
constexpr uint32_t kSlowFactor = 10;
constexpr uint32_t kQuietFactor = 50;
constexpr uint64_t kMaxLookNs = 50'000'000;
constexpr uint32_t kRestlessLooks = 64;   // looks at full rate after a change
constexpr uint32_t kWaryLooks = 64;       // slow looks before quiet ones
constexpr uint32_t kThreadsPerLook = 16;  // so that many parked threads cost no more than few
constexpr uint32_t kCheckLooks = 50;      // between looks at what seldom changes
constexpr uint32_t kLooksForJit = 400;
constexpr uint32_t kNameLooks = 64;  // at a thread, between looks at its name
constexpr size_t kStackBytes = size_t{256} * 1024;

WatcherOptions g_options;
pthread_t g_thread;
bool g_running = false;
pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t g_wake;
bool g_stop = false;
bool g_hooks_requested = false;
uint32_t g_restless = 0;
uint32_t g_wary = 0;
uint32_t g_looks = 0;
StackRecorderState* g_recorder = nullptr;
uint32_t g_recorder_process = 0;  // pid whose recording the recorder's cache is of

// Whether the thread sleeps, rather than being runnable (proc(5), stat's state).
bool Sleeps(pid_t tid) {
  char text[128];
  if (!ReadTaskFile(tid, "stat", text, sizeof(text))) return true;
  const char* name_end = std::strrchr(text, ')');
  return name_end == nullptr || name_end[1] == '\0' || name_end[2] != 'R';
}

// Whether the PyThreadState at `at` is the thread's. Where it is may hold something else by now.
bool IsStateOf(const ThreadState& thread, uint64_t at) {
  uint64_t id = 0;
  return ReadValue(g_sampler.context.checked, at + g_sampler.context.layout.thread_id, &id) &&
         id == static_cast<uint64_t>(thread.pthread);
}

// By its pthread id in the main interpreter's list, which may change under the search: every read
// is checked. 0 if it is not there.
uint64_t SearchPythonThread(const ThreadState& thread) {
  if (PyInterpreterState_Main == nullptr || PyInterpreterState_ThreadHead == nullptr) return 0;
  void* interpreter = PyInterpreterState_Main();
  if (interpreter == nullptr) return 0;
  auto at = reinterpret_cast<uint64_t>(PyInterpreterState_ThreadHead(interpreter));
  for (uint32_t i = 0; i < kThreadSlots && IsPlausiblePointer(at); ++i) {
    if (IsStateOf(thread, at)) return at;
    const uint64_t link = at + g_sampler.context.layout.thread_next;
    if (!ReadValue(g_sampler.context.checked, link, &at)) return 0;
  }
  return 0;
}

// The PyThreadState of another thread, 0 if it has none: what its last tick found, else what is
// found here, once, for among hundreds of threads a search takes long.
uint64_t FindPythonThread(ThreadState* thread) {
  uint64_t known = thread->python_thread.load(std::memory_order_relaxed);
  if (known == 0) {
    const uint64_t found = SearchPythonThread(*thread);
    thread->python_thread.compare_exchange_strong(known, found, std::memory_order_relaxed);
    return found;
  }
  if (IsStateOf(*thread, known)) return known;
  thread->python_thread.compare_exchange_strong(known, 0, std::memory_order_relaxed);
  return 0;
}

// The node where the thread stands; 0 if there is none, or if it ran while it was looked at.
uint32_t WalkParked(ThreadState* thread, uint64_t cpu_ns) {
  const uint64_t python_thread = FindPythonThread(thread);
  if (python_thread == 0) return 0;
  uint32_t node = 0;
  g_recorder->root = thread->recorder.root;
  RecordStack(g_sampler.map, g_sampler.context, g_sampler.context.checked, python_thread,
              g_recorder, &node);
  return ClockNs(thread->cpu_clock) == cpu_ns ? node : 0;
}

// Adds the waiting up to `end_ns` to the timeline: to the entry of the wait that goes on, or as one
// of its own.
void AddWaitingToTimeline(ThreadState* thread, uint32_t node, uint64_t wait_ns, uint64_t end_ns) {
  TimelineEntry*& entry = thread->watch.timeline_entry;
  if (entry != nullptr && entry->node == node) {
    StoreTo(entry->end_ns, end_ns);
    AddTo(entry->wait_ns, wait_ns);
  } else {
    entry = AddToTimeline(g_sampler.map, {end_ns, 0, wait_ns, thread->tid, node});
  }
}

// Adds waiting up to `end_ns` to a node, counting a sample for each period of it.
void AddWaiting(ThreadState* thread, uint32_t node, uint64_t wait_ns, uint64_t end_ns) {
  if (node == 0 || wait_ns == 0) return;
  thread->watch.placed_ns += wait_ns;
  const uint64_t total = thread->watch.wait_remainder_ns + wait_ns;
  thread->watch.wait_remainder_ns = total % g_sampler.period_ns;
  NodeRecord& record = g_sampler.map.At<NodeRecord>(node);
  AddTo(record.wait_samples, total / g_sampler.period_ns);
  AddTo(record.wait_ns, wait_ns);
  if (g_sampler.keeps_timeline) AddWaitingToTimeline(thread, node, wait_ns, end_ns);
}

// Keeps a monotonic timer off while its thread waits, and on while it runs.
void TendTimer(ThreadState* thread, bool waits, uint64_t cpu_ns) {
  if (thread->timer.kind.load() != TimerKind::kMonotonic) return;
  const bool armed = thread->timer.armed.load(std::memory_order_relaxed);
  if (waits && armed) DisarmMonotonicTimer(thread);
  if (!waits && !armed) ResumeMonotonicTimer(thread, cpu_ns, g_sampler.period_ns);
}

// Time off the CPU up to now that neither ticks nor looks have put on a line.
uint64_t Unplaced(const ThreadState& thread, uint64_t wall_ns, uint64_t cpu_ns) {
  const uint64_t alive = wall_ns - thread.slot->start_wall_ns;
  // Preemption since the last sample, which the next one will take.
  const uint64_t sampled_cpu_ns = thread.last_cpu_ns.load(std::memory_order_relaxed);
  const uint64_t expected_delay =
      cpu_ns > sampled_cpu_ns
          ? (cpu_ns - sampled_cpu_ns) * thread.delay_rate.load(std::memory_order_relaxed) / 1024
          : 0;
  const uint64_t known = cpu_ns - thread.slot->start_cpu_ns + thread.watch.placed_ns +
                         thread.delay_ns.load(std::memory_order_relaxed) + expected_delay;
  return alive > known ? alive - known : 0;
}

// Numbers of no pattern: Marsaglia, "Xorshift RNGs", 2003.
uint64_t NextRandom() {
  static uint64_t state = ClockNs(CLOCK_MONOTONIC) | 1;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

// Now and then, for a thread that runs, ticks of another period: by chance longer or shorter, then
// by as much the other way, so that the rate is what was asked.
void VaryTicksIfDue(ThreadState* thread, uint64_t cpu_ns) {
  WatchState& watch = thread->watch;
  const uint64_t periods =
      watch.period_offset_ns == 0 ? kPeriodsOfFirstLength : kPeriodsOfOneLength;
  if (cpu_ns - watch.varied_cpu_ns < periods * g_sampler.period_ns) return;
  watch.period_offset_ns = watch.is_offset_paired
                               ? PeriodOffset(TickPeriod(g_sampler.period_ns), NextRandom())
                               : -watch.period_offset_ns;
  watch.is_offset_paired = !watch.is_offset_paired;
  VaryTicks(thread, watch.period_offset_ns);
  watch.varied_cpu_ns = cpu_ns;
}

// A name may be set at any time: most are soon after the start, or never again.
bool IsNameLook(uint32_t look) { return std::has_single_bit(look) || look % kNameLooks == 0; }

// One look at one thread; see watcher.h.
void LookAt(ThreadState* thread, void*) {
  WatchState& watch = thread->watch;
  if (thread->timer.upgradable) UpgradeTicks(thread);
  if (IsNameLook(++watch.looks)) NameThreadAgain(*thread);
  const uint64_t cpu = ClockNs(thread->cpu_clock);
  const uint64_t wall = ClockNs(CLOCK_MONOTONIC);
  if (cpu < watch.scan_cpu_ns) return;
  VaryTicksIfDue(thread, cpu);
  Look look;
  look.was_waiting = watch.parked_node != 0;
  look.ran = cpu != watch.scan_cpu_ns;
  uint32_t node = watch.parked_node;
  if (look.ran || !watch.parked) {
    const bool off_cpu = ClockNs(thread->cpu_clock) == cpu;
    if (off_cpu && !Sleeps(thread->tid)) {
      // Preempted, perhaps by this very look: it runs as far as ticks go.
      TendTimer(thread, false, cpu);
      return;
    }
    node = off_cpu && g_options.place_waiting ? WalkParked(thread, cpu) : 0;
    TendTimer(thread, off_cpu, cpu);
    watch.parked = off_cpu;
  }
  look.is_waiting = node != 0;
  const uint64_t unplaced = Unplaced(*thread, wall, cpu);
  // A monotonic timer that its thread's blocking has turned off must not stay so for long.
  const bool is_monotonic = thread->timer.kind.load() == TimerKind::kMonotonic;
  if (unplaced > kMinLookNs || is_monotonic) g_wary = kWaryLooks;
  const Placement placement = PlaceWaiting(look, unplaced);
  // As far as can be told it woke when it had yet to run for as long as it did.
  const uint64_t woke = wall - (cpu - watch.scan_cpu_ns);
  AddWaiting(thread, watch.parked_node, placement.old_line_ns, woke - placement.new_line_ns);
  if (look.ran) watch.timeline_entry = nullptr;
  AddWaiting(thread, node, placement.new_line_ns, wall);
  // It comes and goes: look often.
  if (look.ran && (look.was_waiting || look.is_waiting)) {
    g_restless = kRestlessLooks;
    g_wary = kWaryLooks;
  }
  watch.parked_node = node;
  watch.scan_cpu_ns = cpu;
  StoreTo(thread->slot->last_wall_ns, wall);
  StoreTo(thread->slot->last_cpu_ns, cpu);
}

// A program that got past sigaction's front door has its own handler now: our ticks would go to it.
void CheckSignal() {
  struct sigaction now {};
  if (RealSigaction()(g_sampler.signal, nullptr, &now) != 0 || now.sa_sigaction == HandleSignal) {
    return;
  }
  g_sampler.enabled.store(false);
  char note[128];
  const uint64_t start = g_sampler.map.header().start_monotonic_ns;
  std::snprintf(note, sizeof(note),
                "the program took signal %d over after %.3g s: no samples of running threads since "
                "(choose another with --signal)",
                g_sampler.signal, static_cast<double>(ClockNs(CLOCK_MONOTONIC) - start) * 1e-9);
  AddNote(g_sampler.map, note);
}

void StopThreadTicks(ThreadState* thread, void*) { StopTicks(thread); }

// Does what the run's control word says.
void HeedControl() {
  const bool pause = IsPaused(g_options.control);
  if (pause == ThreadsPaused()) return;
  RecordingHeader& header = g_sampler.map.header();
  const uint64_t now = ClockNs(CLOCK_MONOTONIC);
  if (pause) {
    PauseThreads();
    StoreTo(header.pause_began_ns, now);
  } else {
    AddTo(header.paused_ns, now - header.pause_began_ns);
    StoreTo(header.pause_began_ns, 0);
    ResumeThreads();
  }
}

void LookAround() {
  HeedControl();
  if (!ThreadsPaused()) VisitThreads(kThreadsPerLook, LookAt, nullptr);
  GrowRecordingFile(g_options.recording);
  StoreTo(g_sampler.map.header().end_monotonic_ns, ClockNs(CLOCK_MONOTONIC));
  if (!g_hooks_requested) g_hooks_requested = g_options.request_hooks();
  if (++g_looks % kCheckLooks == 0 && g_sampler.enabled.load()) {
    CheckSignal();
    if (g_hooks_requested && g_looks <= kLooksForJit) RequestJitNote();
  }
  // Taken over, or the self-test failed: no more ticks.
  if (!g_sampler.enabled.load()) VisitThreads(kThreadSlots, StopThreadTicks, nullptr);
}

uint64_t NextLookNs() {
  const uint64_t fast = std::max(g_sampler.period_ns, kMinLookNs);
  if (g_restless > 0 || !g_hooks_requested) {
    if (g_restless > 0) --g_restless;
    return fast;
  }
  const uint64_t factor = g_wary > 0 ? kSlowFactor : kQuietFactor;
  if (g_wary > 0) --g_wary;
  return std::max(std::min(fast * factor, kMaxLookNs), fast);
}

// The watcher opens files; the program's descriptors are not to be touched by that, not even for a
// moment. So it has a table of its own, empty (or it would hold the program's pipes open). Kernels
// before 5.9 cannot: there the watcher's descriptors are the process's, each for some microseconds.
void LeaveDescriptorsAlone() { syscall(SYS_close_range, 0U, ~0U, CLOSE_RANGE_UNSHARE); }

void* Run(void*) {
  pthread_setname_np(pthread_self(), "lineprof");
  LeaveDescriptorsAlone();
  pthread_mutex_lock(&g_mutex);
  while (!g_stop) {
    pthread_mutex_unlock(&g_mutex);
    LookAround();
    pthread_mutex_lock(&g_mutex);
    const timespec until = ToTimespec(ClockNs(CLOCK_MONOTONIC) + NextLookNs());
    while (!g_stop && pthread_cond_timedwait(&g_wake, &g_mutex, &until) == 0) {
    }
  }
  pthread_mutex_unlock(&g_mutex);
  return nullptr;
}

// The watcher's own scratch, kept for its next life in this process.
bool PrepareRecorder() {
  const auto process = static_cast<uint32_t>(getpid());
  if (g_recorder == nullptr) {
    void* memory = mmap(nullptr, sizeof(StackRecorderState), PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return false;
    g_recorder = new (memory) StackRecorderState;
  } else if (g_recorder_process != process) {
    for (StackRecorderState::CachedCode& code : g_recorder->codes) code.record = 0;
  }
  g_recorder_process = process;
  return true;
}

}  // namespace

bool StartWatcher(const WatcherOptions& options) {
  g_options = options;
  g_hooks_requested = false;
  return RestartWatcher();
}

bool RestartWatcher() {
  if (g_running || !PrepareRecorder()) return g_running;
  pthread_mutex_init(&g_mutex, nullptr);
  pthread_condattr_t monotonic;
  pthread_condattr_init(&monotonic);
  pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
  pthread_cond_init(&g_wake, &monotonic);
  g_stop = false;
  g_restless = kRestlessLooks;
  g_wary = kWaryLooks;

  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  // the thread inherits it
  const int error = RealPthreadCreate()(&g_thread, &attributes, Run, nullptr);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  g_running = error == 0;
  errno = error;
  return g_running;
}

void StopWatcher() {
  if (!g_running) return;
  pthread_mutex_lock(&g_mutex);
  g_stop = true;
  pthread_cond_signal(&g_wake);
  pthread_mutex_unlock(&g_mutex);
  pthread_join(g_thread, nullptr);
  g_running = false;
}

void ForgetWatcher() { g_running = false; }

}  // namespace lineprof
