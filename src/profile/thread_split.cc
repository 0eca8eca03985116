#include "profile/thread_split.h"

#include <algorithm>
#include <map>

namespace lineprof {
namespace {

constexpr char kOtherThreads[] = "(other threads)";

// Takes the nodes of `thread`, with the root, and adds their samples up.
void KeepNodes(uint32_t thread, Recording& recording) {
  std::vector<uint32_t> new_index(recording.nodes.size(), 0);
  std::vector<RecordedNode> kept(1);
  recording.cpu_samples = recording.wait_samples = recording.sampled_cpu_ns = 0;
  for (size_t i = 1; i < recording.nodes.size(); i++) {
    RecordedNode node = recording.nodes[i];
    if (node.thread != thread) continue;
    new_index[i] = static_cast<uint32_t>(kept.size());
    node.parent = new_index[node.parent];
    recording.cpu_samples += node.cpu_samples;
    recording.wait_samples += node.wait_samples;
    recording.sampled_cpu_ns += node.cpu_ns;
    kept.push_back(node);
  }
  recording.nodes = std::move(kept);
}

}  // namespace

std::vector<uint32_t> SampledThreads(const Recording& recording) {
  std::map<uint32_t, uint64_t> times;
  for (const RecordedNode& node : recording.nodes) {
    if (node.cpu_samples + node.wait_samples > 0) times[node.thread] += node.cpu_ns + node.wait_ns;
  }
  std::vector<uint32_t> threads;
  for (const auto& [thread, time] : times) threads.push_back(thread);
  std::stable_sort(threads.begin(), threads.end(), [&times](uint32_t a, uint32_t b) {
    const bool a_is_last = a == RecordedNode::kNoThread;
    const bool b_is_last = b == RecordedNode::kNoThread;
    return a_is_last != b_is_last ? b_is_last : times[a] > times[b];
  });
  return threads;
}

Recording OnlyThread(const Recording& recording, uint32_t thread) {
  Recording only = recording;
  KeepNodes(thread, only);
  only.losses.clear();
  only.merged_threads = {};
  only.thread_list.clear();
  RecordedThread facts;
  if (thread == RecordedNode::kNoThread) {
    const RecordedThreads& merged = recording.merged_threads;
    facts = {0,
             kOtherThreads,
             recording.start_monotonic_ns,
             recording.end_monotonic_ns,
             merged.cpu_ns,
             merged.wait_ns,
             merged.gil_wait_ns,
             false};
    only.threads = merged.count;
  } else {
    facts = recording.thread_list[thread];
    only.threads = 1;
    only.start_monotonic_ns = facts.start_monotonic_ns;
    only.end_monotonic_ns = facts.end_monotonic_ns;
    only.paused_ns = 0;  // a thread's start is put off by them
  }
  only.thread_cpu_ns = facts.cpu_ns;
  only.thread_wait_ns = facts.wait_ns;
  only.gil_wait_ns = facts.gil_wait_ns;
  only.thread_list.push_back(std::move(facts));
  return only;
}

}  // namespace lineprof
