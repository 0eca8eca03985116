#include "attach/process_sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/clock.h"
#include "base/process_files.h"
#include "recorder/code_recorder_impl.h"
#include "recorder/stack_recorder_impl.h"

namespace lineprof {
namespace {

constexpr int kAttempts = 10;
// A thread that ran this many looks ago is looked at each time.
constexpr uint64_t kRestlessLooks = 64;
constexpr uint32_t kIdlePerLook = 16;
constexpr uint64_t kListEvery = 64;
// Looks in a row without any thread, though the process lives: it runs another program.
constexpr uint32_t kMostEmptyLists = 50;

}  // namespace

ProcessSampler::Thread::Thread(const Target& target, const PythonThread& python_thread)
    : python(python_thread), clock(target.pid, python_thread.tid), walk(target) {}

ProcessSampler::ProcessSampler(const Target& target, const SamplingOptions& options,
                               RecordingFile* recording)
    : target_(target),
      options_(options),
      recording_(recording),
      list_(target),
      recorder_(std::make_unique<StackRecorderState>()) {}

bool ProcessSampler::LookAround() {
  now_ns_ = ClockNs(CLOCK_MONOTONIC);
  if (looks_++ % kListEvery == 0 || list_.MayHaveNew()) UpdateThreads();
  uint32_t idle_budget = kIdlePerLook;
  std::vector<Thread*> due;
  // Those that wait take turns: begin where the last look ended.
  const auto first = threads_.lower_bound(next_idle_);
  for (auto at = first; at != threads_.end(); ++at) {
    if (IsDue(*at->second, &idle_budget)) due.push_back(at->second.get());
  }
  for (auto at = threads_.begin(); at != first; ++at) {
    if (IsDue(*at->second, &idle_budget)) due.push_back(at->second.get());
  }
  for (Thread* thread : due) {
    const bool is_idle = thread->last_ran_look + kRestlessLooks < looks_;
    if (is_idle) next_idle_ = thread->python.tid + 1;
    if (!LookAt(thread)) {
      const pid_t tid = thread->python.tid;
      EndThread(thread);
      threads_.erase(tid);
    }
  }
  StoreTo(map().header().end_monotonic_ns, now_ns_);
  GrowRecordingFile(recording_);
  return empty_lists_ < kMostEmptyLists;
}

bool ProcessSampler::IsDue(const Thread& thread, uint32_t* idle_budget) const {
  if (looks_ < thread.next_look) return false;
  if (thread.runs || thread.last_ran_look + kRestlessLooks >= looks_) return true;
  if (*idle_budget == 0) return false;
  --*idle_budget;
  return true;
}

void ProcessSampler::UpdateThreads() {
  const std::vector<PythonThread> now = list_.List();
  empty_lists_ = now.empty() ? empty_lists_ + 1 : 0;
  std::map<pid_t, std::unique_ptr<Thread>> before;
  before.swap(threads_);
  for (const PythonThread& python : now) {
    if (options_.main_thread_only && python.tid != target_.pid) continue;
    const auto known = before.find(python.tid);
    if (known == before.end()) {
      AddThread(python);
      continue;
    }
    known->second->python.states = python.states;
    threads_[python.tid] = std::move(known->second);
    before.erase(known);
  }
  for (auto& [tid, thread] : before) EndThread(thread.get());
}

void ProcessSampler::AddThread(const PythonThread& python) {
  auto thread = std::make_unique<Thread>(target_, python);
  const std::optional<SchedStat> sched = thread->clock.Read();
  if (!sched) return;
  thread->sched = *sched;
  thread->runs = thread->clock.Runs();
  thread->cpu = CpuEstimate(*sched, now_ns_);
  thread->start_ns = now_ns_;
  thread->start_cpu_ns = sched->cpu_ns;
  thread->sampled_cpu_ns = sched->cpu_ns;
  thread->last_ran_look = looks_;
  thread->slot = ClaimThreadSlot(map(), python.tid, {now_ns_, sched->cpu_ns});
  NameThread(*thread);
  AddTo(map().header().threads_started, 1);
  threads_[python.tid] = std::move(thread);
}

// By the kernel's name.
void ProcessSampler::NameThread(const Thread& thread) {
  const std::optional<ProcessStat> stat =
      ParseStat(ReadProcText(target_.pid, fmt::format("task/{}/stat", thread.python.tid)));
  if (thread.slot != nullptr && stat) SetThreadName(thread.slot, stat->name, 0);
}

void ProcessSampler::EndThread(Thread* thread) {
  if (thread->slot == nullptr) {
    RecordingHeader& header = map().header();
    AddTo(header.merged_wall_ns, now_ns_ - thread->start_ns);
    AddTo(header.merged_cpu_ns, thread->cpu.cpu_ns() - thread->start_cpu_ns);
    return;
  }
  EndThreadSlot(thread->slot, {now_ns_, thread->cpu.cpu_ns()}, false);
}

void ProcessSampler::Finish() {
  now_ns_ = ClockNs(CLOCK_MONOTONIC);
  for (auto& [tid, thread] : threads_) EndThread(thread.get());
  threads_.clear();
  RecordingHeader& header = map().header();
  StoreTo(header.end_monotonic_ns, now_ns_);
  std::atomic_ref<uint32_t>(header.ended).store(1, std::memory_order_relaxed);
}

bool ProcessSampler::LookAt(Thread* thread) {
  const std::optional<SchedStat> sched = thread->clock.Read();
  if (!sched) return false;
  const bool changed = !(*sched == thread->sched);
  if (changed) thread->runs = thread->clock.Runs();
  const uint64_t delay_ns = sched->delay_ns - thread->sched.delay_ns;
  thread->sched = *sched;
  now_ns_ = ClockNs(CLOCK_MONOTONIC);
  const uint64_t cpu_ns = thread->cpu.Update(*sched, thread->runs, now_ns_);
  if (changed || thread->runs) thread->last_ran_look = looks_;

  Look look;
  look.was_waiting = thread->parked_node != 0;
  look.ran = changed;
  uint32_t node = 0;
  if (thread->runs) {
    SampleRunning(thread, delay_ns);
  } else if (look.was_waiting && !changed) {
    node = thread->parked_node;
  } else if (options_.place_waiting) {
    node = WalkWaiting(thread);
  }
  look.is_waiting = node != 0;
  const uint64_t alive_ns = now_ns_ - thread->start_ns;
  const uint64_t known_ns = cpu_ns - thread->start_cpu_ns + thread->placed_ns;
  const Placement placement = PlaceWaiting(look, alive_ns > known_ns ? alive_ns - known_ns : 0);
  AddWaiting(thread, thread->parked_node, placement.old_line_ns);
  AddWaiting(thread, node, placement.new_line_ns);
  thread->parked_node = node;
  if (thread->slot != nullptr) {
    SetThreadTimes(thread->slot, {now_ns_, cpu_ns});
  }
  return true;
}

// `delay_ns`: since the last look, without a CPU though it could have run; it belongs to the line
// that was to run. A thread that has hardly run since its last sample has the next one later: where
// many threads want a CPU, those that get none are not walked each time.
void ProcessSampler::SampleRunning(Thread* thread, uint64_t delay_ns) {
  thread->delay_ns += delay_ns;
  const uint64_t now_cpu_ns = thread->cpu.cpu_ns();
  if (now_cpu_ns < thread->sampled_cpu_ns + options_.period_ns / 8) return;
  const uint64_t cpu_ns = now_cpu_ns - thread->sampled_cpu_ns;
  uint32_t node = 0;
  const uint64_t began_ns = ClockNs(CLOCK_THREAD_CPUTIME_ID);
  const WalkResult result = Walk(thread, true, &node);
  Throttle(thread, ClockNs(CLOCK_THREAD_CPUTIME_ID) - began_ns);
  thread->sampled_cpu_ns = now_cpu_ns;
  if (result != WalkResult::kFrames || node == 0) {
    if (result != WalkResult::kNoFrame) discarded_.fetch_add(1, std::memory_order_relaxed);
    CountLoss(map(),
              result == WalkResult::kNoFrame  ? LossReason::kOutsidePython
              : result == WalkResult::kFrames ? LossReason::kRecordingFull
                                              : LossReason::kUnreadableFrame,
              cpu_ns);
    return;
  }
  sampled_.fetch_add(1, std::memory_order_relaxed);
  NodeRecord& record = map().At<NodeRecord>(node);
  AddTo(record.cpu_samples, 1);
  AddTo(record.cpu_ns, cpu_ns);
  AddTo(record.wait_ns, thread->delay_ns);
  thread->placed_ns += thread->delay_ns;
  thread->delay_ns = 0;
}

// The node where the thread waits; 0 if it has no frames, or ran while it was looked at.
uint32_t ProcessSampler::WalkWaiting(Thread* thread) {
  uint32_t node = 0;
  if (Walk(thread, false, &node) != WalkResult::kFrames) return 0;
  const std::optional<SchedStat> after = thread->clock.Read();
  return after && *after == thread->sched ? node : 0;
}

// The node of the thread's stack. kUnreadable too if that kept moving.
WalkResult ProcessSampler::Walk(Thread* thread, bool is_running, uint32_t* node) {
  FrameBuffer& frames = recorder_->frames;
  const WalkResult result = thread->walk.Walk(thread->python, is_running, kAttempts, &frames);
  if (result != WalkResult::kFrames) return result;
  const SnapshotMemory memory = thread->walk.memory();
  *node = stack_recorder::Recorder<SnapshotMemory>(map(), target_.walk, memory, recorder_.get())
              .RecordFrames();
  if (frames.truncated) AddTo(map().header().truncated_stacks, 1);
  return result;
}

// Adds waiting to a node, counting a sample for each period of it.
void ProcessSampler::AddWaiting(Thread* thread, uint32_t node, uint64_t wait_ns) {
  if (node == 0 || wait_ns == 0) return;
  thread->placed_ns += wait_ns;
  const uint64_t total = thread->wait_remainder_ns + wait_ns;
  thread->wait_remainder_ns = total % options_.period_ns;
  NodeRecord& record = map().At<NodeRecord>(node);
  AddTo(record.wait_samples, total / options_.period_ns);
  AddTo(record.wait_ns, wait_ns);
}

// Very deep stacks take long to read: then fewer of them, so that it takes no more than a quarter
// of a period. The next sample has their time.
void ProcessSampler::Throttle(Thread* thread, uint64_t cost_ns) {
  const uint64_t skipped = cost_ns * 4 / options_.period_ns;
  thread->next_look = looks_ + 1 + skipped;
  if (skipped == 0) return;
  AddTo(map().header().losses[static_cast<size_t>(LossReason::kThrottled)].samples, skipped);
}

}  // namespace lineprof
