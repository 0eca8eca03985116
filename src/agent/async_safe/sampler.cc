#include "agent/async_safe/sampler.h"

#include <poll.h>
#include <sys/resource.h>
#include <ucontext.h>

#include <algorithm>
#include <cerrno>

#include "base/clock.h"
#include "recording/timeline_log.h"

namespace lineprof {

Sampler g_sampler;
thread_local ThreadState* t_thread = nullptr;

namespace {

// CPU time over which the rate of preemption is learnt.
constexpr uint64_t kDelayMemoryNs = 500'000'000;
// A stack at least this deep has its walk timed.
constexpr uint32_t kDeepStack = 512;

// The PyThreadState of the calling thread; 0 if it has none. While a subinterpreter's code runs,
// that is not the one that the thread was given first.
uint64_t OwnPythonThread(const ThreadState& thread) {
  const auto first = reinterpret_cast<uint64_t>(g_sampler.this_thread_state());
  const auto attached = reinterpret_cast<uint64_t>(g_sampler.attached_thread_state());
  if (attached == 0 || attached == first || g_sampler.attached_is_own) {
    return attached == 0 ? first : attached;
  }
  // Another thread's, which may end at any moment, or this one's in a subinterpreter.
  uint64_t id = 0;
  const bool is_own =
      ReadValue(g_sampler.context.checked, attached + g_sampler.context.layout.thread_id, &id) &&
      id == static_cast<uint64_t>(thread.pthread);
  return is_own ? attached : first;
}

// Walks, and adds the sample to its node, which it gives; or counts why there is none, and gives 0.
uint32_t AddSample(ThreadState* thread, uint64_t cpu_ns, uint64_t delay_ns) {
  const uint64_t python_thread = OwnPythonThread(*thread);
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
    return 0;
  }
  NodeRecord& record = g_sampler.map.At<NodeRecord>(node);
  AddTo(record.cpu_samples, 1);
  AddTo(record.cpu_ns, cpu_ns);
  if (delay_ns != 0) AddTo(record.wait_ns, delay_ns);
  return node;
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

// The time since the last sample that the thread was off the CPU without having blocked: preempted,
// by another thread or by the machine's host. It belongs to the line that was to run. Where the
// thread did block, the watcher knows; of that time, as much as its CPU time lets expect was
// preemption too.
uint64_t TakeDelay(ThreadState* thread, uint64_t passed_ns, uint64_t spent_ns) {
  const long blocks = Blocks();
  const uint64_t off_cpu = passed_ns > spent_ns ? passed_ns - spent_ns : 0;
  uint64_t delay = off_cpu;
  if (blocks == thread->last_blocks) {
    thread->unblocked_cpu_ns += spent_ns;
    thread->unblocked_delay_ns += off_cpu;
    thread->delay_rate.store(thread->unblocked_delay_ns * 1024 / (thread->unblocked_cpu_ns + 1),
                             std::memory_order_relaxed);
    if (thread->unblocked_cpu_ns > kDelayMemoryNs) {
      thread->unblocked_cpu_ns /= 2;
      thread->unblocked_delay_ns /= 2;
    }
  } else {
    delay = std::min(off_cpu, spent_ns * thread->delay_rate.load(std::memory_order_relaxed) / 1024);
  }
  thread->last_blocks = blocks;
  thread->delay_ns.fetch_add(delay, std::memory_order_relaxed);
  return delay;
}

// Whether the signal interrupted a system call that was blocked: the kernel has then set the thread
// to make the call again, or to find EINTR (signal(7); the instruction is `syscall`, 0f 05).
bool InterruptedSystemCall(const ucontext_t& context) {
  const greg_t* registers = context.uc_mcontext.gregs;
  const auto next = static_cast<uint64_t>(registers[REG_RIP]);
  if ((next & 4095) < 2) return false;  // the bytes before may be on no page
  const auto* code = reinterpret_cast<const unsigned char*>(next);
  const bool again = code[0] == 0x0f && code[1] == 0x05;
  const bool returns = code[-2] == 0x0f && code[-1] == 0x05;
  return again || (returns && registers[REG_RAX] == -EINTR);
}

// For a tick of the wall-clock timer: whether there is something to sample. A thread that it finds
// blocked is parked: the watcher sees to it, and the timer is turned off. A tick that was held back
// while the thread blocked (interpose_blocking.cc) counts only if it is due by CPU time.
bool IsDue(ThreadState* thread, uint64_t spent_ns, const ucontext_t& context) {
  if (thread->ticks_held_back) return spent_ns >= g_sampler.period_ns;
  if (!InterruptedSystemCall(context)) return true;
  Disarm(thread);
  return false;
}

void Tick(ThreadState* thread, const ucontext_t& context) {
  const uint64_t wall = ClockNs(CLOCK_MONOTONIC);
  const uint64_t cpu = ClockNs(CLOCK_THREAD_CPUTIME_ID);
  const uint64_t spent = cpu - thread->last_cpu_ns.load(std::memory_order_relaxed);
  StoreTo(thread->slot->last_wall_ns, wall);
  StoreTo(thread->slot->last_cpu_ns, cpu);
  StoreTo(g_sampler.map.header().end_monotonic_ns, wall);
  if (thread->timer.kind.load() == TimerKind::kMonotonic && !IsDue(thread, spent, context)) return;
  if (thread->skip_ticks > 0) {
    --thread->skip_ticks;
    AddTo(g_sampler.map.header().losses[static_cast<size_t>(LossReason::kThrottled)].samples, 1);
    return;
  }
  const uint64_t delay = TakeDelay(thread, wall - thread->last_wall_ns, spent);
  thread->last_wall_ns = wall;
  thread->last_cpu_ns.store(cpu, std::memory_order_relaxed);
  const uint32_t node = AddSample(thread, spent, delay);
  if (__builtin_expect(g_sampler.keeps_timeline, false) && node != 0) {
    AddToTimeline(g_sampler.map, {wall, spent, delay, thread->tid, node});
  }
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
    Tick(thread, *static_cast<const ucontext_t*>(context));
  }
  errno = saved_errno;
}

}  // namespace lineprof
