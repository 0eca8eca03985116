// The walk over made-up memory: right stacks, every kind of wrong one, and garbage.
#include "pyruntime/frame_walker.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

#include "support/fake_memory.h"

namespace lineprof {
namespace {

constexpr uint64_t kCodeType = 0x10000;

// One thread of an interpreter with that layout.
class FakePython {
 public:
  explicit FakePython(int minor)
      : layout(minor < 13 ? LayoutFromTable(3, minor).value() : CurrentFrameLayout()) {
    memory.Zero(kThread, 512);
    memory.Zero(kCFrame, 64);
    if (layout.kind == FrameKind::kCFrame) {
      memory.Put(kThread + layout.thread_frame, kCFrame);
      memory.Put(kThread + layout.thread_data_chunk, kChunk);
      memory.Put(kThread + layout.thread_data_chunk + 8, kChunk + 0x8000);  // its top
      memory.Zero(kChunk, 24);
      memory.Put(kChunk + FrameLayout::kChunkSize, uint64_t{0x10000});
    }
  }

  // 3.13 for tests: 3.12's frame, found without a cframe.
  static FrameLayout CurrentFrameLayout() {
    FrameLayout layout = LayoutFromTable(3, 12).value();
    layout.kind = FrameKind::kCurrentFrame;
    return layout;
  }

  // A code object with `units` instructions of 2 bytes.
  uint64_t AddCode(uint64_t address, int64_t units = 100) {
    memory.Zero(address, layout.code_size + 64);
    memory.Put(address + FrameLayout::kObjectType, kCodeType);
    memory.Put(address + layout.code_filename, uint64_t{0x900000});
    if (layout.kind == FrameKind::kFrameObject) {
      memory.Zero(address + 0x800, 64);
      memory.Put(address + layout.code_instructions, address + 0x800);
      memory.Put(address + 0x800 + FrameLayout::kVarObjectSize, static_cast<uint64_t>(units) * 2);
    } else {
      memory.Put(address + FrameLayout::kVarObjectSize, units);
    }
    return address;
  }

  // A frame at byte `instruction` of `code`.
  uint64_t AddFrame(uint64_t address, uint64_t code, int32_t instruction, uint64_t previous,
                    uint8_t owner = 0) {
    memory.Zero(address, FrameLayout::kMaxFrameSize);
    memory.Put(address + layout.frame_previous, previous);
    memory.Put(address + layout.frame_code, code);
    if (layout.kind == FrameKind::kFrameObject) {
      memory.Put(address + layout.frame_instruction,
                 layout.instruction_in_units ? instruction / 2 : instruction);
    } else {
      memory.Put(address + layout.frame_instruction,
                 code + layout.code_instructions + static_cast<uint64_t>(int64_t{instruction}));
      memory.Put(address + layout.frame_owner, owner);
    }
    return address;
  }

  void SetInnermost(uint64_t frame) {
    if (layout.kind == FrameKind::kCFrame) {
      memory.Put(kCFrame + layout.cframe_current, frame);
    } else {
      memory.Put(kThread + layout.thread_frame, frame);
    }
  }

  WalkResult Walk(bool is_still = true) {
    frames = std::make_unique<FrameBuffer>();
    const FrameWalker<FakeMemory> walker(memory, layout, kCodeType, is_still);
    return walker.Walk(kThread, frames.get());
  }

  static constexpr uint64_t kThread = 0x20000;
  static constexpr uint64_t kCFrame = 0x28000;
  static constexpr uint64_t kChunk = 0x30000;
  FrameLayout layout;
  FakeMemory memory;
  std::unique_ptr<FrameBuffer> frames;
};

class WalkerOnEachLayout : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Layouts, WalkerOnEachLayout, testing::Values(8, 9, 10, 11, 12, 13));

TEST_P(WalkerOnEachLayout, FindsFramesInnermostFirst) {
  FakePython python(GetParam());
  const uint64_t outer = python.AddCode(0x100000);
  const uint64_t inner = python.AddCode(0x102000);
  const uint64_t bottom = python.AddFrame(FakePython::kChunk + 0x100, outer, 20, 0);
  python.SetInnermost(python.AddFrame(FakePython::kChunk + 0x400, inner, 6, bottom));
  ASSERT_EQ(python.Walk(), WalkResult::kFrames);
  ASSERT_EQ(python.frames->depth, 2u);
  EXPECT_EQ(python.frames->inner[0].code, inner);
  EXPECT_EQ(python.frames->inner[0].instruction, 6);
  EXPECT_EQ(python.frames->FromOutermost(0).code, outer);
  EXPECT_EQ(python.frames->FromOutermost(0).instruction, 20);
  EXPECT_FALSE(python.frames->truncated);
}

TEST_P(WalkerOnEachLayout, NoFrameIsNoFrame) {
  FakePython python(GetParam());
  EXPECT_EQ(python.Walk(), WalkResult::kNoFrame);
}

TEST_P(WalkerOnEachLayout, FrameNotStartedIsBeforeTheFirstInstruction) {
  FakePython python(GetParam());
  const uint64_t code = python.AddCode(0x100000);
  const int32_t before = python.layout.kind == FrameKind::kFrameObject ? -1 : -2;
  uint64_t frame = python.AddFrame(FakePython::kChunk + 0x100, code, before, 0);
  if (python.layout.instruction_in_units) {
    python.memory.Put(frame + python.layout.frame_instruction, int32_t{-1});
  }
  python.SetInnermost(frame);
  ASSERT_EQ(python.Walk(), WalkResult::kFrames);
  EXPECT_EQ(python.frames->inner[0].instruction, -1);
}

TEST_P(WalkerOnEachLayout, RefusesWhatIsNoFrame) {
  struct Case {
    const char* what;
    uint64_t code;
    int32_t instruction;
  };
  for (const Case& c :
       {Case{"no code", 0, 4}, Case{"wild code pointer", 0x7777777, 4},
        Case{"unmapped code", 0x500000, 4}, Case{"not of the code type", 0x104000, 4},
        Case{"instruction after the code", 0x100000, 200},
        Case{"instruction far before the code", 0x100000, -64}}) {
    FakePython python(GetParam());
    python.AddCode(0x100000);
    python.AddCode(0x104000);
    python.memory.Put(0x104000 + FrameLayout::kObjectType, uint64_t{0x10008});
    python.SetInnermost(python.AddFrame(FakePython::kChunk + 0x100, c.code, c.instruction, 0));
    EXPECT_EQ(python.Walk(), WalkResult::kUnreadable) << c.what;
  }
}

TEST_P(WalkerOnEachLayout, KeepsTheInnerFramesOfABrokenChain) {
  FakePython python(GetParam());
  const uint64_t code = python.AddCode(0x100000);
  const uint64_t second = python.AddFrame(FakePython::kChunk + 0x100, code, 4, 0x600000);
  python.SetInnermost(python.AddFrame(FakePython::kChunk + 0x300, code, 4, second));
  ASSERT_EQ(python.Walk(), WalkResult::kFrames);
  EXPECT_EQ(python.frames->depth, 2u);
  EXPECT_TRUE(python.frames->truncated);
}

TEST(Walker, DoesNotFollowALinkThatIsNotSetYet) {
  FakePython python(11);
  const uint64_t code = python.AddCode(0x100000);
  python.SetInnermost(python.AddFrame(FakePython::kChunk + 0x100, code, 4, 0x600000));
  EXPECT_EQ(python.Walk(), WalkResult::kUnreadable);
}

TEST_P(WalkerOnEachLayout, EndsOnACycle) {
  FakePython python(GetParam());
  const uint64_t code = python.AddCode(0x100000);
  const uint64_t frame = FakePython::kChunk + 0x100;
  python.SetInnermost(python.AddFrame(frame, code, 4, frame));
  ASSERT_EQ(python.Walk(), WalkResult::kFrames);
  EXPECT_TRUE(python.frames->truncated);
}

TEST(Walker, EndsOnACycleOfShims) {
  for (const int minor : {12, 13}) {
    FakePython python(minor);
    const uint64_t shim = FakePython::kChunk + 0x100;
    python.SetInnermost(python.AddFrame(shim, 0, 0, shim, 3));
    EXPECT_EQ(python.Walk(), WalkResult::kUnreadable);
    const uint64_t code = python.AddCode(0x100000);
    python.SetInnermost(python.AddFrame(FakePython::kChunk + 0x300, code, 4, shim));
    ASSERT_EQ(python.Walk(), WalkResult::kFrames);
    EXPECT_EQ(python.frames->depth, 1u);
    EXPECT_TRUE(python.frames->truncated);
  }
}

TEST_P(WalkerOnEachLayout, RefusesCodeOfAbsurdSize) {
  for (const int64_t units : {INT64_MAX, INT64_MAX / 2 + 1, int64_t{1} << 40, int64_t{-1}}) {
    FakePython python(GetParam());
    const uint64_t code = python.AddCode(0x100000, units);
    python.SetInnermost(python.AddFrame(FakePython::kChunk + 0x100, code, 4, 0));
    EXPECT_EQ(python.Walk(), WalkResult::kUnreadable) << units;
  }
}

TEST_P(WalkerOnEachLayout, RefusesAnInstructionFarAway) {
  FakePython python(GetParam());
  const uint64_t code = python.AddCode(0x100000);
  const uint64_t frame = python.AddFrame(FakePython::kChunk + 0x100, code, 4, 0);
  python.memory.Put(frame + python.layout.frame_instruction, uint64_t{1} << 63 | 1u << 31);
  python.SetInnermost(frame);
  EXPECT_EQ(python.Walk(), WalkResult::kUnreadable);
}

TEST_P(WalkerOnEachLayout, SurvivesGarbage) {
  std::mt19937_64 random(GetParam());
  for (int round = 0; round < 300; ++round) {
    FakePython python(GetParam());
    const uint64_t code = python.AddCode(0x100000);
    for (int i = 0; i < 200; ++i) {
      // Words that are mostly addresses of things that exist.
      const uint64_t targets[] = {code, kCodeType, FakePython::kChunk + (random() & 0xff8),
                                  FakePython::kThread, random()};
      python.memory.Put(FakePython::kChunk + (random() & 0xff8), targets[random() % 5]);
    }
    python.SetInnermost(FakePython::kChunk + (random() & 0xff8));
    python.Walk();
    EXPECT_LE(python.frames->depth, FrameWalker<FakeMemory>::kMaxDepth);
  }
}

TEST(Walker, SkipsShimFrames) {
  FakePython python(12);
  const uint64_t code = python.AddCode(0x100000);
  const uint64_t bottom = python.AddFrame(FakePython::kChunk + 0x100, code, 4, 0);
  const uint64_t shim = python.AddFrame(FakePython::kChunk + 0x200, 0, 0, bottom, 3);
  python.SetInnermost(python.AddFrame(FakePython::kChunk + 0x300, code, 8, shim));
  ASSERT_EQ(python.Walk(), WalkResult::kFrames);
  EXPECT_EQ(python.frames->depth, 2u);
}

TEST(Walker, SkipsTheInterpretersOwnCode) {
  // _Py_InitCleanup: no file name in 3.12, its name for one later.
  for (const uint64_t filename : {uint64_t{0}, uint64_t{0x910000}}) {
    FakePython python(12);
    const uint64_t code = python.AddCode(0x100000);
    const uint64_t init_cleanup = python.AddCode(0x104000);
    python.memory.Put(init_cleanup + python.layout.code_filename, filename);
    python.memory.Put(init_cleanup + python.layout.code_name, filename);
    const uint64_t bottom = python.AddFrame(FakePython::kChunk + 0x100, code, 4, 0);
    const uint64_t middle = python.AddFrame(FakePython::kChunk + 0x200, init_cleanup, 0, bottom);
    python.SetInnermost(python.AddFrame(FakePython::kChunk + 0x300, code, 8, middle));
    ASSERT_EQ(python.Walk(), WalkResult::kFrames);
    EXPECT_EQ(python.frames->depth, 2u);
  }
}

TEST(Walker, FallsBackToTheCFrameBefore) {
  FakePython python(11);
  const uint64_t code = python.AddCode(0x100000);
  const uint64_t frame = python.AddFrame(FakePython::kChunk + 0x100, code, 4, 0);
  constexpr uint64_t kEntered = 0x29000;
  python.memory.Zero(kEntered, 64);
  // The eval loop is being entered: its cframe is linked, its current_frame still garbage.
  python.memory.Put(kEntered + python.layout.cframe_current, uint64_t{0x4141414141414140});
  python.memory.Put(kEntered + python.layout.cframe_previous, FakePython::kCFrame);
  python.memory.Put(FakePython::kThread + python.layout.thread_frame, kEntered);
  python.SetInnermost(frame);
  ASSERT_EQ(python.Walk(), WalkResult::kFrames);
  EXPECT_EQ(python.frames->inner[0].code, code);
  // Of a thread that runs on, what was read may be of two moments: no reason to leave frames out.
  EXPECT_EQ(python.Walk(/*is_still=*/false), WalkResult::kUnreadable);
}

TEST(Walker, DoesNotBelieveDeadFramesAboveTheTop) {
  FakePython python(11);
  const uint64_t code = python.AddCode(0x100000);
  const uint64_t dead = python.AddFrame(FakePython::kChunk + 0x9000, code, 4, 0);
  python.SetInnermost(dead);  // beyond datastack_top
  EXPECT_EQ(python.Walk(), WalkResult::kUnreadable);
  // Of a thread that runs on, the top may have been read before the frame was entered.
  EXPECT_EQ(python.Walk(/*is_still=*/false), WalkResult::kFrames);
}

TEST(FrameBuffer, KeepsBothEndsOfADeepStack) {
  auto frames = std::make_unique<FrameBuffer>();
  constexpr uint32_t kDepth = 10'000;
  for (uint32_t i = 0; i < kDepth; ++i) frames->Add({i + 1, static_cast<int32_t>(i)});
  EXPECT_TRUE(frames->truncated);
  ASSERT_EQ(frames->size(), FrameBuffer::kInner + FrameBuffer::kOuter);
  EXPECT_EQ(frames->FromOutermost(0).code, kDepth);
  EXPECT_EQ(frames->FromOutermost(FrameBuffer::kOuter - 1).code, kDepth - FrameBuffer::kOuter + 1);
  EXPECT_EQ(frames->FromOutermost(FrameBuffer::kOuter).code, uint64_t{FrameBuffer::kInner});
  EXPECT_EQ(frames->FromOutermost(frames->size() - 1).code, 1u);
}

TEST(FrameBuffer, IsWholeWhileItFits) {
  auto frames = std::make_unique<FrameBuffer>();
  const uint32_t depth = FrameBuffer::kInner + FrameBuffer::kOuter;
  for (uint32_t i = 0; i < depth; ++i) frames->Add({i + 1, 0});
  EXPECT_FALSE(frames->truncated);
  for (uint32_t i = 0; i < depth; ++i) EXPECT_EQ(frames->FromOutermost(i).code, depth - i);
}

}  // namespace
}  // namespace lineprof
