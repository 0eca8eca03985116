// Timelines of recordings as the profile has them: on one time axis, by thread, with its stacks.

#include <gtest/gtest.h>

#include "support/profile_view.h"
#include "support/recording_builder.h"

namespace lineprof {
namespace {

using test::RecordingBuilder;

constexpr uint64_t kMs = 1'000'000;

// Two threads of a process, and another process 500 ms later.
std::vector<Recording> TwoProcesses() {
  RecordingBuilder first;
  const uint32_t module = first.AddCode("main.py", "<module>", 1, 9);
  const uint32_t work = first.AddCode("main.py", "work", 2, 5);
  first.KeepTimeline(100);
  first.AddSamples({{module, 8}, {work, 3}}, 2);
  first.KeepTimeline(107);
  first.AddSamples({{module, 9}}, 0, 4);
  first.KeepTimeline(100);
  first.AddSamples({{module, 8}, {work, 4}}, 1);
  RecordingBuilder second = first;
  second.recording().pid = 101;
  second.recording().start_monotonic_ns += 500 * kMs;
  second.recording().timeline_lost = 3;
  return {second.recording(), first.recording()};
}

TEST(ProfileTimeline, IsByProcessAndThread) {
  const Profile profile = test::Build(TwoProcesses());
  EXPECT_TRUE(profile.has_timeline);
  EXPECT_EQ(profile.timeline_lost, 3u);
  ASSERT_EQ(profile.timeline.size(), 4u);
  EXPECT_EQ(profile.timeline[0].process, 0u);
  EXPECT_EQ(profile.timeline[0].thread, 100);
  EXPECT_EQ(profile.timeline[1].thread, 107);
  EXPECT_EQ(profile.timeline[3].process, 1u);
  const std::vector<TimelineSample>& samples = profile.timeline[0].samples;
  ASSERT_EQ(samples.size(), 2u);
  EXPECT_EQ(samples[0].end_ns, 2 * kMs);
  EXPECT_EQ(samples[1].end_ns, 7 * kMs);
  EXPECT_EQ(profile.timeline[3].samples[0].end_ns, 506 * kMs);
  EXPECT_EQ(profile.timeline[3].samples[0].wait_ns, 4 * kMs);
}

TEST(ProfileTimeline, NamesTheStacks) {
  const Profile profile = test::Build(TwoProcesses());
  const StackNode& node = profile.stacks[profile.timeline[0].samples[1].stack];
  EXPECT_EQ(node.line, 4u);
  EXPECT_EQ(profile.functions[static_cast<size_t>(node.function)].name, "work");
}

TEST(ProfileTimeline, IsInOrderOfBegin) {
  std::vector<Recording> recordings = TwoProcesses();
  std::swap(recordings[1].timeline[0], recordings[1].timeline[2]);
  const Profile profile = test::Build(recordings);
  EXPECT_EQ(profile.timeline[0].samples[0].end_ns, 2 * kMs);
}

TEST(ProfileTimeline, FollowsFoldsAndRoots) {
  Result<StackTransform> fold = StackTransform::Create({"work"}, {});
  const Profile folded =
      test::Build(TwoProcesses(), BuildOptions(), Filter(), std::move(fold).value());
  EXPECT_EQ(folded.stacks[folded.timeline[0].samples[0].stack].line, 8u);
  Result<StackTransform> root = StackTransform::Create({}, {"work"});
  const Profile below =
      test::Build(TwoProcesses(), BuildOptions(), Filter(), std::move(root).value());
  EXPECT_EQ(below.timeline.size(), 2u);  // one thread of each process was never there
}

}  // namespace
}  // namespace lineprof
