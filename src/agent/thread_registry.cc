#include "agent/thread_registry.h"

#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "agent/async_safe/sampler.h"
#include "agent/thread_naming.h"
#include "agent/thread_object.h"
#include "agent/tick_timer.h"
#include "base/clock.h"
#include "recording/recording_file.h"
#include "recording/thread_slots.h"

namespace lineprof {
namespace {

TickOptions g_options;
pthread_key_t g_key;
pthread_mutex_t g_mutex = PTHREAD_MUTEX_INITIALIZER;
ThreadState* g_threads[kThreadSlots];
uint32_t g_thread_count = 0;
uint32_t g_cursor = 0;
ThreadState* g_unused = nullptr;  // ended threads' states, kept: mapping and caches are worth it
uint32_t g_recording_epoch = 1;   // counts up when a forked child begins a recording of its own

class Lock {
 public:
  Lock() { pthread_mutex_lock(&g_mutex); }
  ~Lock() { pthread_mutex_unlock(&g_mutex); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
};

// Read without the mutex too.
std::atomic<bool> g_paused{false};

ThreadTimes OwnTimes() { return {ClockNs(CLOCK_MONOTONIC), ClockNs(CLOCK_THREAD_CPUTIME_ID)}; }

// A state for a new thread: a used one, else a new mapping (zeroed, touched as needed).
ThreadState* TakeState() {
  if (g_unused != nullptr) {
    ThreadState* state = g_unused;
    g_unused = state->next;
    return state;
  }
  void* memory = mmap(nullptr, sizeof(ThreadState), PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : new (memory) ThreadState;
}

void ReleaseState(ThreadState* state) {
  state->next = g_unused;
  g_unused = state;
}

void BeginState(ThreadState* state, pid_t tid, ThreadSlot* slot) {
  state->tid = tid;
  state->pthread = pthread_self();
  pthread_getcpuclockid(state->pthread, &state->cpu_clock);
  state->slot = slot;
  state->ending.store(false);
  state->python_thread.store(0);
  state->delay_ns.store(0);
  state->skip_ticks = 0;
  state->ticks_held_back = false;
  state->watch = WatchState{};
  state->timer.kind.store(TimerKind::kNone);
  state->timer.upgradable = false;
  state->timer.perf_page = nullptr;
  state->timer.armed.store(false);
  if (state->recording_epoch != g_recording_epoch) {
    for (StackRecorderState::CachedCode& code : state->recorder.codes) code.record = 0;
    state->recording_epoch = g_recording_epoch;
  }
  state->recorder.task_names = 0;
  state->recorder.root = g_options.by_thread ? OffsetOfSlot(g_sampler.map, slot) : 0;
  state->first_walk = state->recorder.generation;
  state->python_object = t_thread_object;
  const uint64_t wall = slot->start_wall_ns;
  const uint64_t cpu = slot->start_cpu_ns;
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  state->last_wall_ns = wall;
  state->last_cpu_ns.store(cpu);
  state->delay_rate.store(0);
  state->unblocked_cpu_ns = 0;
  state->unblocked_delay_ns = 0;
  state->last_blocks = usage.ru_nvcsw;
  state->watch.scan_cpu_ns = cpu;
  NameOwnThread(slot);
  AddTo(g_sampler.map.header().threads_started, 1);
}

void EndSlot(ThreadState* state) {
  const bool left_samples =
      state->recorder.generation != state->first_walk || state->watch.placed_ns != 0;
  ThreadSlot* const slot = state->slot;
  const ThreadTimes end =
      g_paused.load() ? ThreadTimes{slot->last_wall_ns, slot->last_cpu_ns} : OwnTimes();
  EndThreadSlot(slot, end, left_samples);
  state->slot = nullptr;
}

// The main thread's source is the one that the report names.
bool NoteTimer(const ThreadState* thread, bool started) {
  if (started && thread->tid == getpid()) {
    g_sampler.map.header().timer = static_cast<uint32_t>(thread->timer.kind.load());
  }
  return started;
}

bool StartPerf(ThreadState* thread) {
  return NoteTimer(thread,
                   StartPerfTimer(thread, TickPeriod(g_options.period_ns), g_options.signal));
}

bool StartMonotonic(ThreadState* thread) {
  return NoteTimer(thread,
                   StartMonotonicTimer(thread, TickPeriod(g_options.period_ns), g_options.signal));
}

void NoteNoTimer(const ThreadState* thread) {
  if (thread->tid != getpid()) return;
  g_sampler.map.header().timer = static_cast<uint32_t>(TimerKind::kNone);
  AddNote(g_sampler.map, "the system refuses timers: no samples of running threads");
}

// Ticks of the thread's own, at once and cheaply: from a monotonic timer. The watcher makes perf
// events of them, since opening one takes a descriptor, which the program must not see, and much
// longer: for the first one of a system, milliseconds; many threads do not live that long.
void StartTicks(ThreadState* thread) {
  if (g_paused.load()) return;
  thread->timer.upgradable = g_options.timer != Settings::Timer::kMonotonic;
  if (!StartMonotonic(thread) && !thread->timer.upgradable) NoteNoTimer(thread);
}

// Registers the calling thread; null where it cannot.
ThreadState* AttachWithoutTicks() {
  const Lock lock;
  if (!g_sampler.enabled.load() || g_thread_count == kThreadSlots) return nullptr;
  const pid_t tid = gettid();
  ThreadSlot* slot = ClaimThreadSlot(g_sampler.map, tid, OwnTimes());
  if (slot == nullptr) return nullptr;
  ThreadState* state = TakeState();
  if (state == nullptr) {
    EndThreadSlot(slot, OwnTimes(), false);
    return nullptr;
  }
  BeginState(state, tid, slot);
  g_threads[g_thread_count++] = state;
  t_thread = state;
  pthread_setspecific(g_key, state);
  return state;
}

ThreadTimes TimesOf(const ThreadState& thread) {
  return {ClockNs(CLOCK_MONOTONIC), ClockNs(thread.cpu_clock)};
}

// The time since the thread's last times was a pause. It gets no ticks now.
void SkipPause(ThreadState* thread) {
  ThreadSlot& slot = *thread->slot;
  const ThreadTimes now = TimesOf(*thread);
  slot.start_wall_ns += now.wall_ns - slot.last_wall_ns;
  slot.start_cpu_ns += now.cpu_ns - slot.last_cpu_ns;
  SetThreadTimes(&slot, now);
  thread->last_wall_ns = now.wall_ns;
  thread->last_cpu_ns.store(now.cpu_ns);
  thread->watch.scan_cpu_ns = now.cpu_ns;
  thread->watch.varied_cpu_ns = now.cpu_ns;
  thread->watch.parked = false;
  thread->watch.parked_node = 0;
}

// Takes the thread out of the list. Gives how many are left.
uint32_t Remove(ThreadState* state) {
  const Lock lock;
  StopTicks(state);
  for (uint32_t i = 0; i < g_thread_count; ++i) {
    if (g_threads[i] != state) continue;
    g_threads[i] = g_threads[--g_thread_count];
    EndSlot(state);
    ReleaseState(state);
    break;
  }
  return g_thread_count;
}

void DetachCurrentThread(void* value) {
  auto* state = static_cast<ThreadState*>(value);
  if (state != t_thread) return;  // of before a fork
  state->ending.store(true);
  t_thread = nullptr;
  if (Remove(state) == 0) g_options.last_thread_ends();
}

}  // namespace

bool InitThreadRegistry(const TickOptions& options) {
  g_options = options;
  return pthread_key_create(&g_key, DetachCurrentThread) == 0;
}

void AttachCurrentThread() {
  ThreadState* state = AttachWithoutTicks();
  if (state != nullptr) StartTicks(state);
}

void UpgradeTicks(ThreadState* thread) {
  thread->timer.upgradable = false;
  const timer_t old_timer = thread->timer.posix_timer;
  const bool had_timer = thread->timer.kind.load() == TimerKind::kMonotonic;
  if (StartPerf(thread)) {
    if (had_timer) timer_delete(old_timer);
    return;
  }
  const bool is_perf_asked = g_options.timer == Settings::Timer::kPerf;
  if (had_timer && is_perf_asked) DeleteMonotonicTimer(thread);
  if (!had_timer || is_perf_asked) NoteNoTimer(thread);
}

void VaryTicks(ThreadState* thread, int64_t offset_ns) {
  const uint64_t period = TickPeriod(g_options.period_ns) + static_cast<uint64_t>(offset_ns);
  const TimerKind kind = thread->timer.kind.load();
  if (kind == TimerKind::kPerf) RestartPerfTimer(thread, period, g_options.signal);
  if (kind == TimerKind::kMonotonic && thread->timer.armed.load(std::memory_order_relaxed)) {
    ArmMonotonicTimer(thread, period, period);
  }
}

void StopTicks(ThreadState* thread) {
  if (thread->timer.kind.load() == TimerKind::kPerf) StopPerfTimer(thread);
  if (thread->timer.kind.load() == TimerKind::kMonotonic) DeleteMonotonicTimer(thread);
  thread->timer.upgradable = false;
}

void PauseThreads() {
  const Lock lock;
  g_paused.store(true);
  for (uint32_t i = 0; i < g_thread_count; ++i) {
    StopTicks(g_threads[i]);
    SetThreadTimes(g_threads[i]->slot, TimesOf(*g_threads[i]));
  }
}

void ResumeThreads() {
  const Lock lock;
  g_paused.store(false);
  for (uint32_t i = 0; i < g_thread_count; ++i) {
    SkipPause(g_threads[i]);
    StartTicks(g_threads[i]);
  }
}

bool ThreadsPaused() { return g_paused.load(); }

uint32_t VisitThreads(uint32_t limit, void (*visit)(ThreadState*, void*), void* argument) {
  const Lock lock;
  for (uint32_t i = 0; i < limit && i < g_thread_count; ++i) {
    g_cursor = g_cursor + 1 < g_thread_count ? g_cursor + 1 : 0;
    visit(g_threads[g_cursor], argument);
  }
  return g_thread_count;
}

void LockForFork() {
  pthread_mutex_lock(&g_mutex);
  if (t_thread != nullptr) StopTicks(t_thread);
}

void UnlockInParent() {
  pthread_mutex_unlock(&g_mutex);
  if (t_thread != nullptr && g_sampler.enabled.load()) StartTicks(t_thread);
}

void ResetInChild() {
  pthread_mutex_init(&g_mutex, nullptr);
  for (uint32_t i = 0; i < g_thread_count; ++i) ReleaseState(g_threads[i]);
  g_thread_count = 0;
  g_cursor = 0;
  ++g_recording_epoch;
  t_thread = nullptr;
}

}  // namespace lineprof
