#include "attach/snapshot.h"

#include <gtest/gtest.h>

#include <memory>

#include "pyruntime/frame_walker.h"
#include "unit/attach/fake_interpreter.h"

namespace lineprof {
namespace {

using Block = FakeInterpreter::Block;

class SnapshotTest : public testing::Test {
 protected:
  WalkResult Walk(const Block& thread) {
    const uint64_t state = FakeInterpreter::AddressOf(thread);
    EXPECT_TRUE(snapshot_.Capture(state));
    const SnapshotMemory memory{&snapshot_};
    const FrameWalker<SnapshotMemory> walker(memory, fake_.target.walk.layout,
                                             fake_.target.walk.code_type);
    return walker.Walk(state, frames_.get());
  }

  FakeInterpreter fake_;
  Snapshot snapshot_{fake_.target.memory, fake_.target.walk.layout};
  std::unique_ptr<FrameBuffer> frames_ = std::make_unique<FrameBuffer>();
};

TEST_F(SnapshotTest, IsConsistentOnceItKnowsWhereTheFramesAre) {
  Block& thread = fake_.AddThread(gettid());
  const Block& code = fake_.AddCode();
  fake_.Push(thread, code, 2);
  fake_.Push(thread, code, 4);
  EXPECT_EQ(Walk(thread), WalkResult::kFrames);
  EXPECT_FALSE(snapshot_.IsConsistent());  // each frame was read on its own
  EXPECT_EQ(Walk(thread), WalkResult::kFrames);
  EXPECT_TRUE(snapshot_.IsConsistent());
  ASSERT_EQ(frames_->size(), 2u);
  EXPECT_EQ(frames_->FromOutermost(0).instruction, 2);
  EXPECT_EQ(frames_->FromOutermost(1).instruction, 4);
}

TEST_F(SnapshotTest, ShowsTheMomentOfTheCapture) {
  Block& thread = fake_.AddThread(gettid());
  Block& frame = fake_.Push(thread, fake_.AddCode(), 2);
  Walk(thread);
  const uint64_t state = FakeInterpreter::AddressOf(thread);
  ASSERT_TRUE(snapshot_.Capture(state));
  FakeInterpreter::At(frame, fake_.target.walk.layout.frame_instruction) = 6;
  const SnapshotMemory memory{&snapshot_};
  const FrameWalker<SnapshotMemory> walker(memory, fake_.target.walk.layout,
                                           fake_.target.walk.code_type);
  EXPECT_EQ(walker.Walk(state, frames_.get()), WalkResult::kFrames);
  EXPECT_EQ(frames_->FromOutermost(0).instruction, 2);
  EXPECT_EQ(Walk(thread), WalkResult::kFrames);
  EXPECT_EQ(frames_->FromOutermost(0).instruction, 6);
}

TEST_F(SnapshotTest, SaysThatANewFrameWasReadLate) {
  Block& thread = fake_.AddThread(gettid());
  const Block& code = fake_.AddCode();
  fake_.Push(thread, code, 2);
  Walk(thread);
  Walk(thread);
  ASSERT_TRUE(snapshot_.IsConsistent());
  fake_.Push(thread, code, 4);
  EXPECT_EQ(Walk(thread), WalkResult::kFrames);
  EXPECT_FALSE(snapshot_.IsConsistent());
  EXPECT_EQ(Walk(thread), WalkResult::kFrames);
  EXPECT_TRUE(snapshot_.IsConsistent());
}

TEST_F(SnapshotTest, AThreadWithoutFramesHasNone) {
  EXPECT_EQ(Walk(fake_.AddThread(gettid())), WalkResult::kNoFrame);
}

TEST_F(SnapshotTest, EndsInAListOfFramesWithoutEnd) {
  Block& thread = fake_.AddThread(gettid());
  Block& frame = fake_.Push(thread, fake_.AddCode(), 2);
  FakeInterpreter::At(frame, fake_.target.walk.layout.frame_previous) =
      FakeInterpreter::AddressOf(frame);
  for (int i = 0; i < 3; i++) {
    EXPECT_EQ(Walk(thread), WalkResult::kFrames);
    EXPECT_TRUE(frames_->truncated);
  }
  EXPECT_LT(frames_->depth, 100u);  // a copy has no room for more
}

TEST_F(SnapshotTest, EndsAtWhatIsNoFrame) {
  Block& thread = fake_.AddThread(gettid());
  for (const uint64_t absurd : {uint64_t{8}, uint64_t{1} << 60, ~uint64_t{0}, uint64_t{4096}}) {
    FakeInterpreter::At(thread, fake_.target.walk.layout.thread_frame) = absurd;
    EXPECT_EQ(Walk(thread), WalkResult::kUnreadable);
  }
}

TEST_F(SnapshotTest, OfNoThreadStateIsRefused) {
  EXPECT_FALSE(snapshot_.Capture(0));
  EXPECT_FALSE(snapshot_.Capture(uint64_t{1} << 60));
}

// Two thousand frames of an object each: more pieces than one system call takes.
TEST_F(SnapshotTest, TakesDeepStacks) {
  Block& thread = fake_.AddThread(gettid());
  const Block& code = fake_.AddCode();
  constexpr uint32_t kDepth = 2000;
  for (uint32_t i = 0; i < kDepth; i++) {
    fake_.Push(thread, code, 2);
    fake_.Add(300);  // apart from the next
  }
  Walk(thread);
  EXPECT_EQ(Walk(thread), WalkResult::kFrames);
  EXPECT_TRUE(snapshot_.IsConsistent());
  EXPECT_EQ(frames_->size(), kDepth);
}

}  // namespace
}  // namespace lineprof
