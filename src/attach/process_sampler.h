// Samples the threads of one running process from outside, look by look, into a recording of the
// same form as the agent's.
//
// Each period it looks at every thread that ran lately, and in turn at some of those that only wait
// (so a hundred idle threads cost no more than sixteen). A look reads the thread's clock
// (thread_clock.h). If it is unchanged and the thread waited before, it still stands on the same
// line. If the thread runs, its stack is walked (stack_walk.h): the sample has the CPU time
// since the last one. If it has begun to wait, its stack cannot change any more: it is walked once,
// and believed if the clock is still the same afterwards. Waiting is placed as the agent's watcher
// does (recorder/wait_accounting.h). Stacks that moved while they were read are read again a few
// times, then discarded and counted.
//
// Does nothing to the process but read. THREAD: one.
#ifndef LINEPROF_ATTACH_PROCESS_SAMPLER_H_
#define LINEPROF_ATTACH_PROCESS_SAMPLER_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>

#include "attach/python_threads.h"
#include "attach/stack_walk.h"
#include "attach/target.h"
#include "attach/thread_clock.h"
#include "recorder/stack_recorder.h"
#include "recorder/wait_accounting.h"
#include "recording/recording_file.h"
#include "recording/thread_slots.h"

namespace lineprof {

struct SamplingOptions {
  uint64_t period_ns = 1'000'000;
  bool place_waiting = true;  // false: only CPU time is asked for
  bool main_thread_only = false;
};

class ProcessSampler {
 public:
  // `recording` is the target's, and is written to by nobody else. References must outlive it.
  ProcessSampler(const Target& target, const SamplingOptions& options, RecordingFile* recording);

  // One look. False when there is nothing left to look at: the process has ended, or runs another
  // program.
  bool LookAround();

  // The end: totals of the threads that are still there.
  void Finish();

  // Looks at running threads that gave a sample, and that did not. THREAD: any.
  uint64_t sampled() const { return sampled_.load(std::memory_order_relaxed); }
  uint64_t discarded() const { return discarded_.load(std::memory_order_relaxed); }

 private:
  struct Thread {
    Thread(const Target& target, const PythonThread& python);

    PythonThread python;
    ThreadClock clock;
    SchedStat sched;
    CpuEstimate cpu;
    StackWalk walk;
    ThreadSlot* slot = nullptr;
    bool runs = false;
    uint64_t start_ns = 0;
    uint64_t start_cpu_ns = 0;
    uint64_t sampled_cpu_ns = 0;  // of `cpu`, what samples have
    uint64_t delay_ns = 0;        // runnable without a CPU, on no line yet
    uint64_t placed_ns = 0;       // waiting that is on lines
    uint64_t wait_remainder_ns = 0;
    uint32_t parked_node = 0;    // where it waits; 0: it runs, or has no line
    uint64_t last_ran_look = 0;  // number of the look
    uint64_t next_look = 0;      // not before this one
  };

  void UpdateThreads();
  void AddThread(const PythonThread& python);
  void EndThread(Thread* thread);
  void NameThread(const Thread& thread);
  bool IsDue(const Thread& thread, uint32_t* idle_budget) const;
  // False if the thread is gone.
  bool LookAt(Thread* thread);
  void SampleRunning(Thread* thread, uint64_t delay_ns);
  uint32_t WalkWaiting(Thread* thread);
  WalkResult Walk(Thread* thread, bool is_running, uint32_t* node);
  void AddWaiting(Thread* thread, uint32_t node, uint64_t wait_ns);
  void Throttle(Thread* thread, uint64_t cost_ns);
  const RecordingMap& map() const { return recording_->map; }

  const Target& target_;
  const SamplingOptions options_;
  RecordingFile* recording_;
  PythonThreads list_;
  std::map<pid_t, std::unique_ptr<Thread>> threads_;
  std::unique_ptr<StackRecorderState> recorder_;
  uint64_t looks_ = 0;
  uint64_t now_ns_ = 0;
  pid_t next_idle_ = 0;  // whose turn it is
  uint32_t empty_lists_ = 0;
  std::atomic<uint64_t> sampled_{0};
  std::atomic<uint64_t> discarded_{0};
};

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_PROCESS_SAMPLER_H_
