// The timeline of a recording: what was written is read back, in whatever state it was left.

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <cstddef>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "base/file.h"
#include "recording/reader.h"
#include "recording/recording_file.h"
#include "recording/timeline_log.h"
#include "support/temporary_directory.h"

namespace lineprof {
namespace {

class Timeline : public testing::Test {
 protected:
  ~Timeline() override {
    if (file_.map.base != nullptr) munmap(file_.map.base, file_.mapped_bytes);
  }

  // Begins a recording with one node.
  void Begin(uint64_t limit) {
    RecordingFacts facts;
    facts.line_table_format = 1;
    facts.timeline_limit = limit;
    ASSERT_EQ(CreateRecordingFile(directory_.path(), facts, &file_), nullptr);
    const uint32_t code = AllocateArena(file_.map, sizeof(CodeRecord));
    auto& record = file_.map.At<CodeRecord>(code);
    record.size = sizeof(CodeRecord);
    record.filename_width = record.name_width = record.qualname_width = 1;
    node_ = InternNode(file_.map, 0, PublishCode(file_.map, code), 4, 0);
  }

  TimelineEntry* Add(uint64_t after_start_ns, int32_t thread = 1) {
    const uint64_t start = file_.map.header().start_monotonic_ns;
    return AddToTimeline(file_.map, {start + after_start_ns, 30, 12, thread, node_});
  }

  std::string Bytes() { return ReadFile(file_.path, 1 << 30).value(); }

  Recording Read() {
    const Result<Recording> recording = DecodeRecording(Bytes(), "it");
    EXPECT_TRUE(recording.ok()) << recording.error();
    return recording.ok() ? recording.value() : Recording();
  }

  TemporaryDirectory directory_;
  RecordingFile file_;
  uint32_t node_ = 0;
};

TEST_F(Timeline, IsNotThereUnlessAskedFor) {
  Begin(0);
  EXPECT_EQ(Add(1), nullptr);
  EXPECT_FALSE(Read().has_timeline);
  EXPECT_TRUE(Read().timeline.empty());
}

TEST_F(Timeline, ReadsBackWhatWasWritten) {
  Begin(5000);
  for (uint64_t i = 0; i < 3000; i++) ASSERT_NE(Add(i, static_cast<int32_t>(i % 7)), nullptr);
  const Recording recording = Read();
  EXPECT_TRUE(recording.has_timeline);
  EXPECT_EQ(recording.timeline_lost, 0u);
  ASSERT_EQ(recording.timeline.size(), 3000u);
  for (uint64_t i = 0; i < 3000; i++) {
    const RecordedSample& sample = recording.timeline[i];
    EXPECT_EQ(sample.end_ns, i);
    EXPECT_EQ(sample.cpu_ns, 30u);
    EXPECT_EQ(sample.wait_ns, 12u);
    EXPECT_EQ(sample.thread, static_cast<int64_t>(i % 7));
    EXPECT_EQ(sample.node, 1u);
  }
}

TEST_F(Timeline, CountsWhatIsBeyondItsLimit) {
  Begin(10);
  for (uint64_t i = 0; i < 10; i++) EXPECT_NE(Add(i), nullptr);
  for (uint64_t i = 0; i < 5; i++) EXPECT_EQ(Add(i), nullptr);
  EXPECT_EQ(Read().timeline.size(), 10u);
  EXPECT_EQ(Read().timeline_lost, 5u);
}

TEST_F(Timeline, CountsWhatTheRecordingHasNoRoomFor) {
  Begin(kMaxTimeline);
  uint64_t added = 0;
  while (Add(added) != nullptr) added++;
  Add(added);
  EXPECT_GT(added, uint64_t{kTimelineChunk});
  EXPECT_EQ(Read().timeline.size(), added);
  EXPECT_EQ(Read().timeline_lost, 2u);
}

TEST_F(Timeline, LeavesOutAnEntryThatIsNotWhole) {
  Begin(10);
  Add(1);
  TimelineEntry* half = Add(2);
  half->node = 0;
  Add(3);
  const Recording recording = Read();
  ASSERT_EQ(recording.timeline.size(), 2u);
  EXPECT_EQ(recording.timeline[1].end_ns, 3u);
}

TEST_F(Timeline, TakesEntriesOfManyThreadsAtOnce) {
  Begin(4000);
  std::vector<std::thread> threads;
  for (int thread = 1; thread <= 4; thread++) {
    threads.emplace_back([this, thread] {
      for (uint64_t i = 0; i < 900; i++) Add(i, thread);
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Recording recording = Read();
  EXPECT_EQ(recording.timeline.size() + recording.timeline_lost, 3600u);
  std::vector<uint64_t> next(5, 0);
  for (const RecordedSample& sample : recording.timeline) {
    EXPECT_EQ(sample.end_ns, next[static_cast<size_t>(sample.thread)]++);
  }
}

TEST_F(Timeline, IsReadWithAnyByteFlipped) {
  Begin(3000);
  for (uint64_t i = 0; i < 3; i++) Add(i);
  const std::string bytes = Bytes();
  const auto flip = [&bytes](size_t offset) {
    std::string damaged = bytes;
    damaged[offset] = static_cast<char>(damaged[offset] ^ 0xff);
    (void)DecodeRecording(damaged, "it");  // must only return
  };
  const size_t header = offsetof(RecordingHeader, timeline);
  for (size_t i = 0; i < sizeof(TimelineHeader); i++) flip(header + i);
  const TimelineHeader& timeline = file_.map.header().timeline;
  const uint32_t chunk = file_.map.At<uint32_t>(timeline.chunks);
  for (size_t i = 0; i < TimelineChunks(3000) * sizeof(uint32_t); i++) flip(timeline.chunks + i);
  for (size_t i = 0; i < 3 * sizeof(TimelineEntry); i++) flip(chunk + i);
}

// Few bytes of references must not make much memory of entries.
TEST_F(Timeline, WithMoreEntriesThanTheFileHasRoomForIsRefused) {
  Begin(kMaxTimeline);
  Add(1);
  const TimelineHeader& timeline = file_.map.header().timeline;
  const uint32_t chunk = file_.map.At<uint32_t>(timeline.chunks);
  constexpr uint64_t kChunks = 1000;
  for (uint64_t i = 0; i < kChunks; i++) {
    file_.map.At<uint32_t>(timeline.chunks + i * sizeof(uint32_t)) = chunk;
  }
  file_.map.header().timeline.samples = kChunks * kTimelineChunk;
  EXPECT_FALSE(DecodeRecording(Bytes(), "it").ok());
}

TEST_F(Timeline, OfDamagedNumbersIsRefused) {
  Begin(10);
  Add(1);
  const std::string bytes = Bytes();
  const auto with = [&bytes](auto change) {
    std::string damaged = bytes;
    RecordingHeader header;
    std::memcpy(&header, damaged.data(), sizeof(header));
    change(header.timeline);
    std::memcpy(damaged.data(), &header, sizeof(header));
    return DecodeRecording(damaged, "it");
  };
  EXPECT_TRUE(with([](TimelineHeader&) {}).ok());
  EXPECT_FALSE(with([](TimelineHeader& timeline) { timeline.limit = UINT64_MAX; }).ok());
  EXPECT_FALSE(with([](TimelineHeader& timeline) { timeline.chunks = UINT32_MAX; }).ok());
  EXPECT_FALSE(with([&](TimelineHeader& timeline) {
                 timeline.chunks = static_cast<uint32_t>(bytes.size() - 2);
               }).ok());
}

}  // namespace
}  // namespace lineprof
