#include "attach/stack_walk.h"

#include <gtest/gtest.h>

#include <memory>

#include "unit/attach/fake_interpreter.h"

namespace lineprof {
namespace {

// A stack of code objects, outermost first.
std::unique_ptr<FrameBuffer> StackOf(std::initializer_list<uint64_t> codes) {
  auto frames = std::make_unique<FrameBuffer>();
  for (auto code = std::rbegin(codes); code != std::rend(codes); ++code) frames->Add({*code, 4});
  return frames;
}

std::vector<uint64_t> CodesOf(const FrameBuffer& frames) {
  std::vector<uint64_t> codes;
  for (uint32_t i = 0; i < frames.size(); i++) codes.push_back(frames.FromOutermost(i).code);
  return codes;
}

TEST(KeepCommon, DropsWhatTheOtherHasNot) {
  const auto frames = StackOf({1, 2, 3, 4});
  EXPECT_TRUE(KeepCommon(*StackOf({1, 2}), frames.get()));
  EXPECT_EQ(CodesOf(*frames), (std::vector<uint64_t>{1, 2}));
}

TEST(KeepCommon, DropsNothingThatADeeperOneHas) {
  const auto frames = StackOf({1, 2});
  EXPECT_TRUE(KeepCommon(*StackOf({1, 2, 3}), frames.get()));
  EXPECT_EQ(CodesOf(*frames), (std::vector<uint64_t>{1, 2}));
}

TEST(KeepCommon, EndsWhereTheyPart) {
  const auto frames = StackOf({1, 2, 3, 4});
  EXPECT_TRUE(KeepCommon(*StackOf({1, 9, 3, 4}), frames.get()));
  EXPECT_EQ(CodesOf(*frames), (std::vector<uint64_t>{1}));
}

TEST(KeepCommon, RefusesStacksThatHaveNothingInCommon) {
  EXPECT_FALSE(KeepCommon(*StackOf({7, 2}), StackOf({1, 2}).get()));
  EXPECT_FALSE(KeepCommon(*StackOf({}), StackOf({1, 2}).get()));
}

TEST(KeepCommon, RefusesStacksThatWereCut) {
  const auto cut = StackOf({1, 2});
  cut->truncated = true;
  EXPECT_FALSE(KeepCommon(*cut, StackOf({1, 2}).get()));
  EXPECT_FALSE(KeepCommon(*StackOf({1, 2}), cut.get()));
}

TEST(StackWalk, TakesTheFirstStateThatHasFrames) {
  FakeInterpreter fake;
  const auto& idle = fake.AddThread(gettid());
  auto& busy = fake.AddThread(gettid());
  fake.Push(busy, fake.AddCode(), 2);
  StackWalk walk(fake.target);
  const PythonThread thread{gettid(),
                            {FakeInterpreter::AddressOf(idle), FakeInterpreter::AddressOf(busy)}};
  const auto frames = std::make_unique<FrameBuffer>();
  EXPECT_EQ(walk.Walk(thread, true, 3, frames.get()), WalkResult::kFrames);
  EXPECT_EQ(walk.state(), FakeInterpreter::AddressOf(busy));
  EXPECT_EQ(frames->size(), 1u);
}

TEST(StackWalk, RefusesAListOfFramesThatIsACircle) {
  FakeInterpreter fake;
  auto& thread = fake.AddThread(gettid());
  auto& frame = fake.Push(thread, fake.AddCode(), 2);
  FakeInterpreter::At(frame, fake.target.walk.layout.frame_previous) =
      FakeInterpreter::AddressOf(frame);
  StackWalk walk(fake.target);
  const PythonThread python{gettid(), {FakeInterpreter::AddressOf(thread)}};
  EXPECT_EQ(walk.Walk(python, true, 3, std::make_unique<FrameBuffer>().get()),
            WalkResult::kUnreadable);
}

TEST(StackWalk, OfAThreadWithoutFramesIsNoFailure) {
  FakeInterpreter fake;
  const auto& idle = fake.AddThread(gettid());
  StackWalk walk(fake.target);
  const PythonThread thread{gettid(), {FakeInterpreter::AddressOf(idle)}};
  EXPECT_EQ(walk.Walk(thread, true, 3, std::make_unique<FrameBuffer>().get()),
            WalkResult::kNoFrame);
}

}  // namespace
}  // namespace lineprof
