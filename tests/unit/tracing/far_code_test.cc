#include "agent/tracing/far_code.h"

#include <gtest/gtest.h>

#include <memory>

#include "agent/tracing/traced_code.h"

namespace lineprof {
namespace {

// A frame on line 300 of code with a jump from its third unit back to its second.
class FarCodeTest : public testing::Test {
 protected:
  void SetUp() override {
    g_trace = TraceContext{};
    g_trace.costs.jump = {10, 20};
    code_.far_code = std::make_unique<FarCode>();
    code_.far_code->places = {{0, 0, 0, true}, {100, 30, 110, true}, {110, 10, 110, true}};
    code_.far_code->byte_256 = 512;  // two ticks a byte
    code_.far_code->timed_until = g_trace.look_due;
    thread_.top = &frame_;
    frame_.lines = &counter_;
    frame_.current = &counter_;
    frame_.first_line = 300;
    frame_.line_count = 1;
    frame_.place = &kUnknownPlace;
  }
  void Jump(uint64_t now) { StartFarLineAgain(&thread_, &code_, 300, 4, 2, now); }

  TracedCode code_;
  LineCounter counter_{};
  OpenFrame frame_{};
  TraceThread thread_{};
};

TEST_F(FarCodeTest, WhatIsSearchedIsTakenOff) {
  Jump(1000);
  EXPECT_EQ(counter_.hits, 1u);
  EXPECT_EQ(counter_.ticks, 1000 - 10 - 2 * 100);
  // What the jump passes: as much as lies between its ends.
  EXPECT_EQ(thread_.last_ticks, 1000u + 20 + 2 * (30 - 10));
  EXPECT_EQ(frame_.place, &code_.far_code->places[1]);
}

TEST_F(FarCodeTest, TheUnitBeforeIsSearchedForToo) {
  frame_.place = &code_.far_code->places[2];
  Jump(1000);
  EXPECT_EQ(counter_.ticks, 1000 - 10 - 2 * (100 + 110));
}

TEST_F(FarCodeTest, NearLinesAreNearAgain) {
  code_.near_place.first_far_line = 128;
  frame_.place = &code_.near_place;
  EXPECT_FALSE(MaySearch(frame_, 127));
  EXPECT_TRUE(MaySearch(frame_, 128));
  Jump(1000);
  EXPECT_TRUE(MaySearch(frame_, 127));  // for the unit before
  StartFarLineAgain(&thread_, &code_, 300, 2, 0, 2000);
  EXPECT_FALSE(MaySearch(frame_, 127));
  frame_.place = nullptr;
  EXPECT_FALSE(MaySearch(frame_, 1000));
}

TEST_F(FarCodeTest, PlacesOfOtherCodeAreUnknown) {
  const FarPlace gone = {500, 500, 500, true};
  const FarCode& code = *code_.far_code;
  EXPECT_EQ(code.EndOf(&gone), 0u);
  EXPECT_EQ(code.EndOf(&kUnknownPlace), 0u);
  EXPECT_EQ(code.EndOf(&code.places[1]), 110u);
  EXPECT_EQ(&code.At(2), &code.places[2]);
  EXPECT_EQ(&code.At(3), &kUnknownPlace);
}

TEST_F(FarCodeTest, ResumedFramesKnowTheirPlace) {
  ResumeFarCode(&thread_, &code_, 4);
  EXPECT_EQ(frame_.place, &code_.far_code->places[2]);
  thread_.lost_depth = 1;  // the frame on top is another
  ResumeFarCode(&thread_, &code_, 2);
  EXPECT_EQ(frame_.place, &code_.far_code->places[2]);
}

TEST(LooksLinesUp, BetweenTheTableAndWideDeltas) {
  EXPECT_FALSE(LooksLinesUp(11));
  EXPECT_TRUE(LooksLinesUp(12));
  EXPECT_TRUE(LooksLinesUp(13));
  EXPECT_FALSE(LooksLinesUp(14));
}

}  // namespace
}  // namespace lineprof
