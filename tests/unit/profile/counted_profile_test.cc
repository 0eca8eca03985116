// Profiles of what deterministic mode counted: lines and calls as the recordings have them.
#include <gtest/gtest.h>

#include "profile/profile_builder.h"
#include "support/profile_view.h"
#include "support/recording_builder.h"

namespace lineprof {
namespace {

using test::Build;
using test::CallOf;
using test::FileNames;
using test::SelfOf;

// main.py, which calls `f` of library.py, counted `times` times.
Recording Counted(uint64_t times) {
  test::RecordingBuilder builder;
  const uint32_t module = builder.AddCode("/jobs/main.py", "<module>", 1, 20);
  const uint32_t f = builder.AddCode("/jobs/library.py", "f", 2, 5);
  Recording& recording = builder.recording();
  recording.deterministic = true;
  recording.lines = {{module, 3, times, 100}, {module, 4, 0, 0}, {f, 3, 2 * times, 40}};
  recording.edges = {{module, 3, f, times, 50}};
  recording.events = 4 * times;
  return recording;
}

Profile BuildCounted(const std::vector<Recording>& recordings) {
  BuildOptions options;
  options.mode = Mode::kDeterministic;
  return Build(recordings, options);
}

TEST(CountedProfile, HasLinesAndCallsAsTheyWereCounted) {
  const Profile profile = BuildCounted({Counted(5)});
  EXPECT_EQ(FileNames(profile), (std::vector<std::string>{"main.py", "library.py"}));
  EXPECT_EQ(SelfOf(profile, "main.py", 3), (Cost{5, 100, 0}));
  EXPECT_EQ(SelfOf(profile, "library.py", 3), (Cost{10, 40, 0}));
  EXPECT_EQ(CallOf(profile, "main.py", 3, "f"), (Cost{5, 50, 0}));
  EXPECT_EQ(profile.events, 20u);
}

TEST(CountedProfile, LeavesOutLinesThatOnlyHaveAPlace) {
  const Profile profile = BuildCounted({Counted(5)});
  const SourceFile* main = test::FindFile(profile, "main.py");
  ASSERT_NE(main, nullptr);
  EXPECT_EQ(main->lines.size(), 1u);
}

TEST(CountedProfile, AddsProcessesUp) {
  const Profile profile = BuildCounted({Counted(5), Counted(7)});
  EXPECT_EQ(profile.processes.size(), 2u);
  EXPECT_EQ(SelfOf(profile, "main.py", 3), (Cost{12, 200, 0}));
  EXPECT_EQ(CallOf(profile, "main.py", 3, "f"), (Cost{12, 100, 0}));
  EXPECT_EQ(profile.events, 48u);
}

}  // namespace
}  // namespace lineprof
