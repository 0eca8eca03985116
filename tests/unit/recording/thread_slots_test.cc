// The table of threads: who keeps a slot, what becomes of the rest, and how a reader sees it.
#include "recording/thread_slots.h"

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <filesystem>

#include "recording/reader.h"
#include "recording/recording_file.h"
#include "support/temporary_directory.h"

namespace lineprof {
namespace {

class ThreadSlotsTest : public testing::Test {
 protected:
  ThreadSlotsTest() {
    RecordingFacts facts;
    facts.line_table_format = 3;
    facts.by_thread = true;
    EXPECT_EQ(CreateRecordingFile(directory_.path(), facts, &file_), nullptr);
  }
  ~ThreadSlotsTest() override { munmap(file_.map.base, file_.mapped_bytes); }

  // A thread that lives from 0 to 100 and is on the CPU for `cpu_ns` of that.
  void RunThread(int32_t tid, uint64_t cpu_ns, bool left_samples = false) {
    ThreadSlot* slot = ClaimThreadSlot(file_.map, tid, {});
    ASSERT_NE(slot, nullptr);
    EndThreadSlot(slot, {100, cpu_ns}, left_samples);
  }

  Recording Read() {
    Result<Recording> recording = ReadRecording(file_.path);
    EXPECT_TRUE(recording.ok()) << recording.error();
    return std::move(recording).value();
  }

  TemporaryDirectory directory_;
  RecordingFile file_;
};

TEST_F(ThreadSlotsTest, ReaderFindsNamesAndTimes) {
  ThreadSlot* alive = ClaimThreadSlot(file_.map, 7, {1000, 10});
  SetThreadName(alive, "caf\xe9", 1);
  SetThreadTimes(alive, {1500, 110});
  AddTo(alive->gil_wait_ns, 30);
  RunThread(8, 40);
  const Recording recording = Read();
  ASSERT_EQ(recording.thread_list.size(), 2u);
  const RecordedThread& first = recording.thread_list[0];
  EXPECT_EQ(first.tid, 7);
  EXPECT_EQ(first.name, "caf\xc3\xa9");
  EXPECT_EQ(first.cpu_ns, 100u);
  EXPECT_EQ(first.wait_ns, 400u);
  EXPECT_EQ(first.gil_wait_ns, 30u);
  EXPECT_FALSE(first.ended);
  EXPECT_TRUE(recording.thread_list[1].ended);
  EXPECT_EQ(recording.thread_cpu_ns, 140u);
  EXPECT_EQ(recording.thread_wait_ns, 460u);
  EXPECT_EQ(recording.gil_wait_ns, 30u);
}

TEST_F(ThreadSlotsTest, ManyThreadsKeepTheBusyOnesAndEverySum) {
  constexpr uint32_t kThreads = 10'000;
  for (uint32_t i = 0; i < kThreads; ++i) RunThread(static_cast<int32_t>(i) + 1, i == 500 ? 90 : 1);
  const Recording recording = Read();
  EXPECT_EQ(recording.thread_list.size(), kThreadSlots);
  EXPECT_EQ(recording.merged_threads.count, kThreads - kThreadSlots);
  EXPECT_EQ(recording.thread_cpu_ns, kThreads - 1 + 90);
  EXPECT_EQ(recording.thread_wait_ns, (kThreads - 1) * 99 + 10);
  const auto is_busy = [](const RecordedThread& thread) { return thread.tid == 501; };
  EXPECT_TRUE(std::any_of(recording.thread_list.begin(), recording.thread_list.end(), is_busy));
}

TEST_F(ThreadSlotsTest, LiveThreadsKeepTheirSlots) {
  for (uint32_t i = 0; i < kThreadSlots; ++i) {
    ASSERT_NE(ClaimThreadSlot(file_.map, static_cast<int32_t>(i) + 1, {}), nullptr);
  }
  EXPECT_EQ(ClaimThreadSlot(file_.map, 5000, {}), nullptr);
}

TEST_F(ThreadSlotsTest, LongNamesAreCutBetweenCodePoints) {
  ThreadSlot* slot = ClaimThreadSlot(file_.map, 7, {});
  const std::string wide(2 * sizeof(slot->name) + 3, 'x');
  SetThreadName(slot, wide, 2);
  EXPECT_EQ(slot->name_size, sizeof(slot->name));
  SetThreadName(slot, "ab", 0);
  EXPECT_EQ(Read().thread_list[0].name, "ab");
}

// Where nodes hang on slots, those of a slot that served several threads are of none.
TEST_F(ThreadSlotsTest, NodesAreOfTheSlotsOneThread) {
  ThreadSlot* slot = ClaimThreadSlot(file_.map, 7, {});
  const uint32_t offset = AllocateArena(file_.map, sizeof(CodeRecord));
  auto& code = file_.map.At<CodeRecord>(offset);
  code.size = sizeof(CodeRecord);
  code.filename_width = code.name_width = code.qualname_width = 1;
  const uint32_t record = PublishCode(file_.map, offset);
  const uint32_t node = InternNode(file_.map, OffsetOfSlot(file_.map, slot), record, 0, 0);
  AddTo(file_.map.At<NodeRecord>(node).cpu_samples, 3);
  EXPECT_EQ(Read().nodes[1].thread, 0u);
  EXPECT_EQ(Read().nodes[1].parent, 0u);
  EndThreadSlot(slot, {100, 1}, true);
  EXPECT_EQ(Read().nodes[1].thread, 0u);
  for (uint32_t i = 0; i < 2 * kThreadSlots; ++i) RunThread(static_cast<int32_t>(i) + 10, 2);
  EXPECT_EQ(Read().nodes[1].thread, RecordedNode::kNoThread);
}

}  // namespace
}  // namespace lineprof
