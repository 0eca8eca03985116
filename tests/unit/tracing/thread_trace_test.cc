#include "agent/tracing/thread_trace.h"

#include <gtest/gtest.h>

#include "recording/recording_file.h"
#include "support/temporary_directory.h"

namespace lineprof {
namespace {

constexpr uint32_t kLines = 10;
constexpr uint64_t kOuter = 1001;  // keys of frames
constexpr uint64_t kInner = 1002;

// Ticks are handed in: each event says when it comes.
class ThreadTraceTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(CreateRecordingFile(directory_.path(), RecordingFacts{}, &file_), nullptr);
    g_trace = TraceContext{};
    g_trace.file = &file_;
    ForgetTraceThreads();
    thread_ = BeginTraceThread(100);
    ASSERT_NE(thread_, nullptr);
    outer_ = MakeCode(1);
    inner_ = MakeCode(2);
  }

  CodeCounters MakeCode(uint32_t record) {
    const uint32_t offset = AllocateGrowing(&file_, kLines * sizeof(LineCounter));
    return {record, 1, kLines, &file_.map.At<LineCounter>(offset), nullptr, false};
  }
  const EdgeRecord& Edge(const LineCounter& line) { return file_.map.At<EdgeRecord>(line.edges); }

  TemporaryDirectory directory_;
  RecordingFile file_;
  TraceThread* thread_ = nullptr;
  CodeCounters outer_;
  CodeCounters inner_;
};

TEST_F(ThreadTraceTest, TimeBelongsToTheLineThatIsOn) {
  EnterFrame(thread_, kOuter, outer_, 1, true, 100);
  StartLine(thread_, 2, 110);
  StartLine(thread_, 3, 130);
  StartLine(thread_, 2, 160);
  LeaveFrame(thread_, 200);
  EXPECT_EQ(outer_.lines[0].hits, 1u);  // the def's line: its call
  EXPECT_EQ(outer_.lines[1].hits, 2u);
  EXPECT_EQ(outer_.lines[2].hits, 1u);
  EXPECT_EQ(outer_.lines[0].ticks, 10);
  EXPECT_EQ(outer_.lines[1].ticks, 20 + 40);
  EXPECT_EQ(outer_.lines[2].ticks, 30);
  EXPECT_EQ(thread_->depth, 0u);
}

TEST_F(ThreadTraceTest, ACallersLineDoesNotHoldItsCallees) {
  EnterFrame(thread_, kOuter, outer_, 1, true, 100);
  StartLine(thread_, 2, 100);
  EnterFrame(thread_, kInner, inner_, 1, true, 105);
  LeaveFrame(thread_, 155);
  LeaveFrame(thread_, 160);
  EXPECT_EQ(outer_.lines[1].ticks, 5 + 5);
  EXPECT_EQ(inner_.lines[0].ticks, 50);
  EXPECT_EQ(Edge(outer_.lines[1]).calls, 1u);
  EXPECT_EQ(Edge(outer_.lines[1]).ticks, 50);
  EXPECT_EQ(Edge(outer_.lines[1]).callee, inner_.record);
}

TEST_F(ThreadTraceTest, RecursionCountsOnce) {
  EnterFrame(thread_, 1, outer_, 1, true, 0);
  StartLine(thread_, 2, 0);
  for (uint64_t depth = 0; depth < 1000; ++depth) {  // over several chunks
    EnterFrame(thread_, 2 + depth, outer_, 1, true, 10 * depth);
    StartLine(thread_, 2, 10 * depth);
  }
  for (uint64_t depth = 0; depth < 1000; ++depth) LeaveFrame(thread_, 10000 + depth);
  LeaveFrame(thread_, 12000);
  EXPECT_EQ(Edge(outer_.lines[1]).calls, 1000u);
  EXPECT_EQ(Edge(outer_.lines[1]).ticks, 10999);
  EXPECT_EQ(Edge(outer_.lines[1]).active_count, 0u);
  EXPECT_EQ(thread_->depth, 0u);
}

TEST_F(ThreadTraceTest, TwoThreadsInOneCallHaveTheirTimeEach) {
  TraceThread* other = BeginTraceThread(0);
  for (TraceThread* thread : {thread_, other}) {
    thread->last_ticks = 0;
    EnterFrame(thread, kOuter, outer_, 1, true, 0);
    StartLine(thread, 2, 0);
    EnterFrame(thread, kInner, inner_, 1, true, 0);
  }
  LeaveFrame(thread_, 30);
  LeaveFrame(other, 40);
  EXPECT_EQ(Edge(outer_.lines[1]).calls, 2u);
  EXPECT_EQ(Edge(outer_.lines[1]).ticks, 30 + 40);
}

TEST_F(ThreadTraceTest, TheCostOfEventsIsTakenOff) {
  g_trace.costs.line = {3, 4};
  g_trace.costs.call = {5, 6};
  EnterFrame(thread_, kOuter, outer_, 1, true, 100);
  StartLine(thread_, 2, 120);  // 20, less 6 out of the call and 3 into the line
  StartLine(thread_, 3, 150);  // 30, less 4 and 3
  EXPECT_EQ(outer_.lines[0].ticks, 11);
  EXPECT_EQ(outer_.lines[1].ticks, 23);
}

TEST_F(ThreadTraceTest, InstructionsAreTakenOffInAdvance) {
  const UnitCost units[] = {{4, 0}, {3, 0}, {2, 0}, {1, 0}};
  outer_.units = units;
  g_trace.costs.instruction_256 = 2 * 256;
  EnterFrame(thread_, kOuter, outer_, 1, true, 100);
  StartLineAt(thread_, 2, 1, 100);
  StartLine(thread_, 3, 120);
  EXPECT_EQ(outer_.lines[1].ticks, 20 - 3 * 2);
}

TEST_F(ThreadTraceTest, TheSearchForALineIsOnTheLineBefore) {
  const UnitCost units[] = {{1, 1}, {1, 10}};
  outer_.units = units;
  g_trace.costs.search_256 = 256 / 2;
  g_trace.costs.line = {3, 0};
  g_trace.costs.jump = {1, 0};
  EnterFrame(thread_, kOuter, outer_, 1, true, 100);
  StartLineAt(thread_, 2, 1, 120);  // 20, less 3 and 5 for ten entries
  StartLineAt(thread_, 2, 1, 150);  // 30, less 1: there already
  EXPECT_EQ(outer_.lines[0].ticks, 12);
  EXPECT_EQ(outer_.lines[1].ticks, 29);
}

TEST_F(ThreadTraceTest, AResumedLineIsSearchedForOnceMore) {
  const UnitCost units[] = {{1, 1}, {1, 10}};
  outer_.units = units;
  g_trace.costs.search_256 = 256 / 2;
  EnterFrame(thread_, kOuter, outer_, 1, true, 100);
  ChargeSearch(thread_, outer_, 1);
  StartLine(thread_, 2, 120);
  EXPECT_EQ(outer_.lines[0].ticks, 20 - 5);
}

TEST_F(ThreadTraceTest, UnknownLinesCountNowhere) {
  EnterFrame(thread_, kOuter, outer_, 0, true, 100);
  StartLine(thread_, kLines + 1, 110);
  StartLine(thread_, 1, 120);
  EXPECT_EQ(outer_.lines[0].hits, 1u);
  EXPECT_EQ(g_trace.nowhere.hits, 2u);
}

TEST_F(ThreadTraceTest, ReturnsToAFrameFurtherOut) {
  for (uint64_t key = 1; key <= 300; ++key) EnterFrame(thread_, key, outer_, 1, true, key);
  EXPECT_TRUE(ReturnToFrame(thread_, 7, 400));
  EXPECT_EQ(thread_->depth, 7u);
  EXPECT_EQ(thread_->top->key, 7u);
  EXPECT_FALSE(ReturnToFrame(thread_, 299, 400));
  EXPECT_EQ(thread_->depth, 7u);
}

TEST_F(ThreadTraceTest, AnEndedThreadsRecordServesAnother) {
  EndTraceThread(thread_);
  EXPECT_EQ(BeginTraceThread(0), thread_);
}

}  // namespace
}  // namespace lineprof
