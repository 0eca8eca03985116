// Two profiles compared, and how that reads.
#include "diff/profile_diff.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "diff/diff_report.h"
#include "support/profile_view.h"
#include "support/recording_builder.h"

namespace lineprof {
namespace {

// Functions work (lines 2 to 7) and rest (10 to 12) of a file without source, sampled as given.
Profile ProfileOf(const std::vector<std::pair<uint32_t, uint64_t>>& work, uint64_t rest) {
  test::RecordingBuilder builder;
  const uint32_t work_code = builder.AddCode("main.py", "work", 1, 8);
  const uint32_t rest_code = builder.AddCode("main.py", "rest", 9, 12);
  for (const auto& [line, samples] : work) builder.AddSamples({{work_code, line}}, samples);
  builder.AddSamples({{rest_code, 10}}, rest);
  BuildOptions options;
  options.period_s = 0.001;
  options.clock = Clock::kCpu;
  return test::Build({builder.recording()}, options);
}

ProfileDiff Compare(const Profile& before, const Profile& after) {
  return CompareProfiles({before, 1}, {after, 1});
}

Profile Before() { return ProfileOf({{2, 10'000}, {3, 10'000}, {4, 10'000}, {5, 10'000}}, 10'000); }
Profile After() {
  return ProfileOf({{2, 10'100}, {3, 14'000}, {4, 9'900}, {5, 10'000}, {6, 15}}, 10'050);
}

TEST(ProfileDiff, NamesTheSlowLineFirst) {
  const ProfileDiff diff = Compare(Before(), After());
  const DiffEntry& first = diff.lines[0];
  EXPECT_TRUE(first.difference.is_marked);
  EXPECT_EQ(first.file, "main.py");
  EXPECT_EQ(first.function, "work");
  EXPECT_EQ(first.before_line, 3U);
  EXPECT_EQ(first.after_line, 3U);
  EXPECT_NEAR(*first.Percent(), 40, 1);
  EXPECT_FALSE(diff.lines[1].difference.is_marked);
}

TEST(ProfileDiff, FunctionsAddTheirLinesUp) {
  const ProfileDiff diff = Compare(Before(), After());
  ASSERT_EQ(diff.functions.size(), 2U);
  EXPECT_EQ(diff.functions[0].function, "work");
  EXPECT_NEAR(diff.functions[0].before.seconds, 40, 1e-9);
  EXPECT_NEAR(diff.functions[0].after.seconds, 44.015, 1e-9);
  EXPECT_EQ(diff.functions[0].before_line, 1U);
}

TEST(ProfileDiff, OfAProfileWithItselfIsSilent) {
  const ProfileDiff diff = Compare(Before(), Before());
  for (const DiffEntry& entry : diff.lines) {
    EXPECT_FALSE(entry.difference.is_marked);
    EXPECT_NEAR(entry.difference.seconds, 0, 1e-9);
  }
  EXPECT_FALSE(IsSlower(diff, 0));
  EXPECT_NE(DiffText(diff, {"a", "b"}, false).find("nothing differs"), std::string::npos);
}

TEST(ProfileDiff, OfNothingIsNothing) {
  const ProfileDiff diff = Compare(Profile(), Profile());
  EXPECT_TRUE(diff.lines.empty());
  EXPECT_FALSE(IsSlower(diff, 0));
  EXPECT_FALSE(DiffText(diff, {"a", "b"}, true).empty());
}

TEST(ProfileDiff, SlowerIsWhatIsMarkedAndAboveThePercentage) {
  const ProfileDiff diff = Compare(Before(), After());
  EXPECT_TRUE(IsSlower(diff, 30));
  EXPECT_FALSE(IsSlower(diff, 50));
  EXPECT_FALSE(IsSlower(Compare(After(), Before()), 0)) << "that is faster";
}

TEST(DiffText, IsATableOfMarkedRows) {
  const std::string text = DiffText(Compare(Before(), After()), {"a", "b"}, false);
  EXPECT_TRUE(text.starts_with("Before: a\nAfter: b\nClock: cpu\n")) << text;
  EXPECT_NE(text.find("\n*|        10|        14|"), std::string::npos) << text;
  EXPECT_NE(text.find("%|main.py:3 work: line 3\n"), std::string::npos) << text;
  EXPECT_NE(text.find("main.py:6 work (no time before): line 6\n"), std::string::npos) << text;
}

TEST(DiffJson, HasEverything) {
  const std::string text = DiffJson(Compare(Before(), After()), {"a", "b"});
  const nlohmann::json json = nlohmann::json::parse(text);
  EXPECT_EQ(json["type"], "lineprof diff");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["lines"].size(), 6U);
  EXPECT_EQ(json["lines"][0]["before"]["line"], 3);
  EXPECT_EQ(json["lines"][0]["after"]["samples"], 14'000);
  EXPECT_EQ(json["lines"][0]["marked"], true);
  EXPECT_EQ(json["functions"].size(), 2U);
  EXPECT_NEAR(json["total"]["before_s"], 50, 1e-9);
}

}  // namespace
}  // namespace lineprof
