// --fold and --root on stacks that are written down, and on random ones against sums by hand.
#include "profile/stack_transform.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>

#include "support/profile_view.h"
#include "support/recording_builder.h"

namespace lineprof {
namespace {

using test::CallOf;
using test::Frame;
using test::RecordingBuilder;
using test::SelfOf;
using Strings = std::vector<std::string>;

constexpr uint64_t kMs = 1'000'000;

Cost OnCpu(uint64_t samples) { return {samples, samples * kMs, 0}; }

StackTransform Make(const Strings& folds, const Strings& roots = {}) {
  Result<StackTransform> transform = StackTransform::Create(folds, roots);
  EXPECT_TRUE(transform.ok()) << transform.error();
  return std::move(transform).value();
}

Profile Transformed(const RecordingBuilder& builder, const Strings& folds,
                    const Strings& roots = {}) {
  RecordingBuilder copy = builder;
  return test::Build({copy.recording()}, BuildOptions(), Filter(), Make(folds, roots));
}

uint64_t AllHits(const Profile& profile) {
  uint64_t hits = 0;
  for (const SourceFile& file : profile.files) {
    for (const LineCost& line : file.lines) hits += line.self.hits;
  }
  return hits;
}

// main calls work and rest, each through a decorator's wrapper in another file.
class Wrapped : public testing::Test {
 protected:
  Wrapped() {
    module_ = builder_.AddCode("main.py", "<module>", 1, 20);
    wrapper_ = builder_.AddCode("wrap.py", "wrapper", 3, 6, "deco.<locals>.wrapper");
    work_ = builder_.AddCode("main.py", "work", 4, 6);
    rest_ = builder_.AddCode("main.py", "rest", 8, 9);
    builder_.AddSamples({{module_, 12}, {wrapper_, 5}, {work_, 5}}, 10);
    builder_.AddSamples({{module_, 13}, {wrapper_, 5}, {rest_, 9}}, 4);
    builder_.AddSamples({{module_, 12}, {wrapper_, 4}}, 3);
    builder_.AddSamples({{module_, 14}}, 1);
  }
  RecordingBuilder builder_;
  uint32_t module_ = 0;
  uint32_t wrapper_ = 0;
  uint32_t work_ = 0;
  uint32_t rest_ = 0;
};

TEST_F(Wrapped, TellsWhereSamplesAreNow) {
  const Recording& recording = builder_.recording();
  for (const StackTransform& transform :
       {Make({"wrapper"}), Make({}, {"wrapper"}), Make({"wrapper"}, {"wrapper", "work"})}) {
    const StackTransform::Outcome outcome = transform.Apply(recording);
    ASSERT_EQ(outcome.node_of.size(), recording.nodes.size());
    std::vector<uint64_t> moved(outcome.nodes.size());
    for (size_t i = 1; i < recording.nodes.size(); i++) {
      moved[outcome.node_of[i]] += recording.nodes[i].cpu_samples;
    }
    EXPECT_EQ(moved[0], outcome.dropped_samples);
    for (size_t i = 1; i < outcome.nodes.size(); i++) {
      EXPECT_EQ(moved[i], outcome.nodes[i].cpu_samples) << i;
    }
  }
}

TEST_F(Wrapped, HidesWhoCallsWhomUnlessFolded) {
  const Profile plain = Transformed(builder_, {});
  EXPECT_EQ(CallOf(plain, "main.py", 12, "wrapper"), OnCpu(13));
  EXPECT_EQ(CallOf(plain, "main.py", 12, "work"), Cost{});

  const Profile folded = Transformed(builder_, {"wrapper$"});
  EXPECT_EQ(CallOf(folded, "main.py", 12, "work"), OnCpu(10));
  EXPECT_EQ(CallOf(folded, "main.py", 13, "rest"), OnCpu(4));
  EXPECT_EQ(CallOf(folded, "main.py", 12, "wrapper"), Cost{});
}

TEST_F(Wrapped, TimeOfAFoldedFunctionIsItsCallersLines) {
  const Profile folded = Transformed(builder_, {"wrapper"});
  EXPECT_EQ(SelfOf(folded, "main.py", 12), OnCpu(3));
  EXPECT_EQ(SelfOf(folded, "wrap.py", 4), Cost{});
  EXPECT_EQ(SelfOf(folded, "main.py", 5), OnCpu(10));
  EXPECT_EQ(AllHits(folded), 18U);
}

TEST_F(Wrapped, QualifiedNamesAreSearched) {
  const Profile folded = Transformed(builder_, {R"(^deco\.<locals>)"});
  EXPECT_EQ(CallOf(folded, "main.py", 12, "work"), OnCpu(10));
}

TEST_F(Wrapped, AFunctionThatNothingCallsStays) {
  const Profile folded = Transformed(builder_, {"<module>", "wrapper"});
  EXPECT_EQ(SelfOf(folded, "main.py", 14), OnCpu(1));
  EXPECT_EQ(CallOf(folded, "main.py", 12, "work"), OnCpu(10));
  EXPECT_EQ(AllHits(folded), 18U);
}

TEST_F(Wrapped, RootKeepsOnlyWhatIsBelow) {
  const Profile below = Transformed(builder_, {}, {"^deco"});
  EXPECT_EQ(SelfOf(below, "wrap.py", 4), OnCpu(3));
  EXPECT_EQ(CallOf(below, "wrap.py", 5, "work"), OnCpu(10));
  EXPECT_EQ(SelfOf(below, "main.py", 14), Cost{});
  EXPECT_EQ(CallOf(below, "main.py", 12, "wrapper"), Cost{});
  EXPECT_EQ(AllHits(below), 17U);
  EXPECT_EQ(below.notes.back(), "--root left out 1 samples of other stacks");
}

TEST_F(Wrapped, RootsGoBeforeFolds) {
  const Profile below = Transformed(builder_, {"wrapper"}, {"wrapper"});
  // What is a root has no caller left, so it stays.
  EXPECT_EQ(SelfOf(below, "wrap.py", 4), OnCpu(3));
  EXPECT_EQ(CallOf(below, "wrap.py", 5, "work"), OnCpu(10));
}

TEST(StackTransform, CountsASampleOnceInRecursion) {
  RecordingBuilder builder;
  const uint32_t module = builder.AddCode("main.py", "<module>", 1, 20);
  const uint32_t visit = builder.AddCode("main.py", "visit", 2, 5);
  const uint32_t dispatch = builder.AddCode("main.py", "dispatch", 7, 9);
  builder.AddSamples(
      {{module, 9}, {visit, 4}, {dispatch, 8}, {visit, 4}, {dispatch, 8}, {visit, 3}}, 6);
  builder.AddSamples({{module, 9}, {visit, 3}}, 1);
  const Profile folded = Transformed(builder, {"dispatch"});
  EXPECT_EQ(CallOf(folded, "main.py", 4, "visit"), OnCpu(6));
  EXPECT_EQ(CallOf(folded, "main.py", 9, "visit"), OnCpu(7));
  EXPECT_EQ(SelfOf(folded, "main.py", 3), OnCpu(7));
  const Profile below = Transformed(builder, {}, {"visit"});
  EXPECT_EQ(CallOf(below, "main.py", 4, "dispatch"), OnCpu(6));
  EXPECT_EQ(SelfOf(below, "main.py", 3), OnCpu(7));
}

TEST(StackTransform, WithoutExpressionsChangesNothing) {
  EXPECT_TRUE(StackTransform().empty());
  EXPECT_TRUE(Make({}, {}).empty());
  EXPECT_FALSE(Make({"x"}).empty());
  EXPECT_FALSE(Make({}, {"x"}).empty());
}

TEST(StackTransform, BadExpressionsAreNamed) {
  EXPECT_TRUE(StackTransform::Create({"("}, {}).error().starts_with("--fold: bad regular"));
  EXPECT_TRUE(StackTransform::Create({}, {"*"}).error().starts_with("--root: bad regular"));
}

// Random stacks of six functions, one line each, folded twice: on the way, and by hand.
TEST(StackTransform, AgreesWithFoldingEachSampleByHand) {
  constexpr uint32_t kCodes = 6;
  std::mt19937 random(7);
  for (int round = 0; round < 50; round++) {
    RecordingBuilder builder;
    for (uint32_t code = 0; code < kCodes; code++) {
      const std::string name = code % 2 == 0 ? "keep" : "fold";
      builder.AddCode("m.py", name + std::to_string(code), 10 * code + 1, 10 * code + 2);
    }
    std::map<uint32_t, uint64_t> self;                            // line -> samples
    std::map<std::pair<uint32_t, uint32_t>, uint64_t> inclusive;  // line, callee -> samples
    for (int stack = 0; stack < 20; stack++) {
      std::vector<Frame> frames;
      std::vector<uint32_t> kept;
      const size_t depth = 1 + random() % 6;
      for (size_t i = 0; i < depth; i++) {
        const uint32_t code = random() % kCodes;
        frames.push_back({code, 10 * code + 2});
        if (code % 2 == 0 || kept.empty()) kept.push_back(code);
      }
      builder.AddSamples(frames, 1);
      self[10 * kept.back() + 2]++;
      std::map<std::pair<uint32_t, uint32_t>, bool> on_stack;
      for (size_t i = 0; i + 1 < kept.size(); i++) on_stack[{10 * kept[i] + 2, kept[i + 1]}] = true;
      for (const auto& [call, there] : on_stack) inclusive[call]++;
    }
    const Profile folded = Transformed(builder, {"^fold"});
    for (uint32_t code = 0; code < kCodes; code++) {
      const uint32_t line = 10 * code + 2;
      EXPECT_EQ(SelfOf(folded, "m.py", line), OnCpu(self[line]));
      for (uint32_t callee = 0; callee < kCodes; callee++) {
        const std::string name = (callee % 2 == 0 ? "keep" : "fold") + std::to_string(callee);
        EXPECT_EQ(CallOf(folded, "m.py", line, name), OnCpu(inclusive[{line, callee}]));
      }
    }
  }
}

}  // namespace
}  // namespace lineprof
