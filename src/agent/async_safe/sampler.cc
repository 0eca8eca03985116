#include "agent/async_safe/sampler.h"

#include <poll.h>
#include <sys/resource.h>

#include <cerrno>

#include "base/clock.h"

namespace lineprof {

Sampler g_sampler;
thread_local ThreadState* t_thread = nullptr;

namespace {

// CPU time that a blocked thread spends on being woken by a tick and blocking again.
constexpr uint64_t kWakeCostNs = 6000;
// A stack at least this deep has its walk timed.
constexpr uint32_t kDeepStack = 512;

// The PyThreadState of this thread; 0 if it has none.
uint64_t OwnPythonThread() {
  void* thread = nullptr;
  if (g_sampler.attached_thread_state != nullptr) thread = g_sampler.attached_thread_state();
  if (thread == nullptr) thread = g_sampler.this_thread_state();
  return reinterpret_cast<uint64_t>(thread);
}

// Walks, and adds the sample to its node, or counts why there is none.
void AddSample(ThreadState* thread, uint64_t cpu_ns, uint64_t delay_ns) {
  const uint64_t python_thread = OwnPythonThread();
  thread->python_thread.store(python_thread, std::memory_order_relaxed);
  uint32_t node = 0;
  const WalkResult result = python_thread == 0
                                ? WalkResult::kNoFrame
                                : RecordStack(g_sampler.map, g_sampler.context, DirectMemory{},
                                              python_thread, &thread->recorder, &node);
  if (result != WalkResult::kFrames || node == 0) {
    CountLoss(g_sampler.map,
              result == WalkResult::kNoFrame  ? LossReason::kOutsidePython
              : result == WalkResult::kFrames ? LossReason::kRecordingFull
                                              : LossReason::kUnreadableFrame,
              cpu_ns);
    return;
  }
  NodeRecord& record = g_sampler.map.At<NodeRecord>(node);
  AddTo(record.cpu_samples, 1);
  AddTo(record.cpu_ns, cpu_ns);
  if (delay_ns != 0) AddTo(record.wait_ns, delay_ns);
}

// How often this thread gave up the CPU of its own will, that is, blocked.
long Blocks() {
  rusage usage;
  return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nvcsw : -1;
}

// A walk of a very deep stack may cost more than a period: let ticks pass, so that the program
// keeps at least three quarters of its time. Their time is not lost, the next sample carries it.
void Throttle(ThreadState* thread, uint64_t began_cpu_ns) {
  const uint64_t cost = ClockNs(CLOCK_THREAD_CPUTIME_ID) - began_cpu_ns;
  if (cost * 4 > g_sampler.period_ns) {
    thread->skip_ticks = static_cast<uint32_t>(cost * 4 / g_sampler.period_ns);
  }
}

void Disarm(ThreadState* thread) {
  const itimerspec never{};
  thread->timer.armed.store(false, std::memory_order_relaxed);
  timer_settime(thread->timer.posix_timer, 0, &never, nullptr);
}

// For a tick of the wall-clock timer: whether the thread ran enough since its last sample for
// another. If it did not because it blocked, it is parked: the watcher sees to it, and its timer is
// turned off. (Not if the tick was held back while it blocked, and comes now that it runs.)
bool HasRun(ThreadState* thread, uint64_t spent_ns, long blocks) {
  const bool held_back = thread->has_blocked;
  const bool blocked = blocks != thread->tick_blocks;
  thread->has_blocked = false;
  thread->tick_blocks = blocks;
  if (spent_ns >= g_sampler.period_ns / 4 + kWakeCostNs) return true;
  if (blocked && !held_back) Disarm(thread);
  return false;
}

void Tick(ThreadState* thread) {
  const uint64_t wall = ClockNs(CLOCK_MONOTONIC);
  const uint64_t cpu = ClockNs(CLOCK_THREAD_CPUTIME_ID);
  const uint64_t spent = cpu - thread->last_cpu_ns;
  StoreTo(thread->slot->last_wall_ns, wall);
  StoreTo(thread->slot->last_cpu_ns, cpu);
  StoreTo(g_sampler.map.header().end_monotonic_ns, wall);
  const long blocks = Blocks();
  if (thread->timer.kind.load() == TimerKind::kMonotonic && !HasRun(thread, spent, blocks)) return;
  if (thread->skip_ticks > 0) {
    --thread->skip_ticks;
    AddTo(g_sampler.map.header().losses[static_cast<size_t>(LossReason::kThrottled)].samples, 1);
    return;
  }
  // Off the CPU without having blocked: preempted, by another thread or by the machine's host. That
  // belongs to the line that was to run. Where it blocked, the watcher knows.
  const uint64_t passed = wall - thread->last_wall_ns;
  const uint64_t delay = blocks == thread->last_blocks && passed > spent ? passed - spent : 0;
  thread->delay_ns.fetch_add(delay, std::memory_order_relaxed);
  thread->last_wall_ns = wall;
  thread->last_cpu_ns = cpu;
  thread->last_blocks = blocks;
  AddSample(thread, spent, delay);
  if (thread->recorder.frames.depth >= kDeepStack) Throttle(thread, cpu);
}

// A tick is a signal of one of our own timers. perf's carries POLL_IN (fcntl(2), F_SETSIG), a POSIX
// timer's the thread's state. A tick that found no room in the queue of signals (RLIMIT_SIGPENDING)
// comes without any information, as from process 0.
bool IsTick(const siginfo_t* info, const ThreadState* thread) {
  if (info->si_code == SI_TIMER) {
    return thread == nullptr || info->si_value.sival_ptr == static_cast<const void*>(thread);
  }
  if (info->si_code == SI_USER && info->si_pid == 0) return thread != nullptr;
  return info->si_code == POLL_IN || info->si_code == POLL_HUP;
}

// A signal that the program asked for, by the disposition that it believes is set.
void PassToProgram(int signal, siginfo_t* info, void* context) {
  const struct sigaction& action = g_sampler.program_action;
  if ((action.sa_flags & SA_SIGINFO) != 0) {
    action.sa_sigaction(signal, info, context);
  } else if (action.sa_handler == SIG_DFL) {
    // As without a handler: to go on, or, like SIGPROF and the real-time signals, to end.
    if (signal == SIGURG || signal == SIGCHLD || signal == SIGCONT || signal == SIGWINCH) return;
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    g_sampler.real_sigaction(signal, &standard, nullptr);
    raise(signal);
  } else if (action.sa_handler != SIG_IGN) {
    action.sa_handler(signal);
  }
}

}  // namespace

void HandleSignal(int signal, siginfo_t* info, void* context) {
  const int saved_errno = errno;
  ThreadState* const thread = t_thread;
  if (!IsTick(info, thread)) {
    PassToProgram(signal, info, context);
  } else if (thread != nullptr && g_sampler.enabled.load(std::memory_order_relaxed) &&
             !thread->ending.load(std::memory_order_relaxed)) {
    Tick(thread);
  }
  errno = saved_errno;
}

}  // namespace lineprof
