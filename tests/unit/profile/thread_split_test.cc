#include "profile/thread_split.h"

#include <gtest/gtest.h>

#include "support/recording_builder.h"

namespace lineprof {
namespace {

using Threads = std::vector<uint32_t>;
constexpr uint32_t kNone = RecordedNode::kNoThread;

// Two threads with 10 and 30 samples of a function, and 5 of threads that are not told apart.
Recording TwoThreads() {
  test::RecordingBuilder builder;
  const uint32_t code = builder.AddCode("main.py", "f", 1, 9);
  builder.AddSamples({{code, 2}}, 10);
  builder.AddSamples({{code, 3}, {code, 4}}, 20, 10);
  builder.AddSamples({{code, 5}}, 5);
  Recording recording = builder.recording();
  recording.nodes[1].thread = 0;
  recording.nodes[2].thread = recording.nodes[3].thread = 1;
  recording.thread_list = {{7, "MainThread", 100, 200, 60, 40, 5, false},
                           {8, "worker", 120, 180, 30, 30, 0, true}};
  recording.losses = {{"no frame", 1}};
  return recording;
}

TEST(ThreadSplit, NamesBusiestThreadsFirstAndTheRestLast) {
  EXPECT_EQ(SampledThreads(TwoThreads()), (Threads{1, 0, kNone}));
  EXPECT_EQ(SampledThreads(Recording()), Threads{});
}

TEST(ThreadSplit, AThreadHasItsNodesAndTimes) {
  const Recording only = OnlyThread(TwoThreads(), 1);
  ASSERT_EQ(only.nodes.size(), 3u);
  EXPECT_EQ(only.nodes[1].parent, 0u);
  EXPECT_EQ(only.nodes[2].parent, 1u);
  EXPECT_EQ(only.cpu_samples, 20u);
  EXPECT_EQ(only.wait_samples, 10u);
  EXPECT_EQ(only.sampled_cpu_ns, 20'000'000u);
  EXPECT_EQ(only.threads, 1u);
  EXPECT_EQ(only.start_monotonic_ns, 120u);
  EXPECT_EQ(only.end_monotonic_ns, 180u);
  EXPECT_EQ(only.thread_cpu_ns, 30u);
  EXPECT_TRUE(only.losses.empty());
  ASSERT_EQ(only.thread_list.size(), 1u);
  EXPECT_EQ(only.thread_list[0].name, "worker");
}

TEST(ThreadSplit, TheRestHasItsSums) {
  Recording recording = TwoThreads();
  recording.merged_threads = {4, 11, 22, 3};
  const Recording only = OnlyThread(recording, kNone);
  EXPECT_EQ(only.cpu_samples, 5u);
  EXPECT_EQ(only.threads, 4u);
  EXPECT_EQ(only.thread_cpu_ns, 11u);
  EXPECT_EQ(only.gil_wait_ns, 3u);
  EXPECT_EQ(only.merged_threads.count, 0u);
  EXPECT_EQ(only.thread_list[0].name, "(other threads)");
}

}  // namespace
}  // namespace lineprof
