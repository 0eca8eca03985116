// Writing a recording and reading it back, whole and damaged.
#include "recording/recording_file.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <random>
#include <thread>

#include "base/file.h"
#include "recording/reader.h"
#include "recording/recording.h"
#include "recording/thread_slots.h"

namespace lineprof {
namespace {

class RecordingFileTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/lineprof-test-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    directory_ = name;
    RecordingFacts facts;
    facts.period_ns = 1'000'000;
    facts.line_table_format = static_cast<uint32_t>(LineTableFormat::kLocations);
    facts.python_hex_version = 3 << 16 | 11 << 8 | 7;
    ASSERT_EQ(CreateRecordingFile(directory_, facts, &file_), nullptr);
  }
  void TearDown() override {
    if (file_.map.base != nullptr) munmap(file_.map.base, file_.mapped_bytes);
    std::filesystem::remove_all(directory_);
  }

  uint32_t AddCode(std::string_view filename, std::string_view name, uint32_t first_line,
                   std::string_view table = "\x80\x01") {
    const uint64_t size =
        (sizeof(CodeRecord) + filename.size() + name.size() + table.size() + 7) & ~uint64_t{7};
    const uint32_t offset = AllocateArena(file_.map, size);
    if (offset == 0) return 0;
    auto& record = file_.map.At<CodeRecord>(offset);
    record.size = static_cast<uint32_t>(size);
    record.first_line = first_line;
    record.filename_size = static_cast<uint32_t>(filename.size());
    record.name_size = static_cast<uint32_t>(name.size());
    record.line_table_size = static_cast<uint32_t>(table.size());
    record.filename_width = record.name_width = record.qualname_width = 1;
    std::byte* at = file_.map.base + offset + sizeof(CodeRecord);
    std::memcpy(at, filename.data(), filename.size());
    std::memcpy(at + filename.size(), name.data(), name.size());
    std::memcpy(at + filename.size() + name.size(), table.data(), table.size());
    return PublishCode(file_.map, offset);
  }

  template <typename Record>
  uint32_t Allocate(uint64_t extra = 0) {
    return AllocateArena(file_.map, (sizeof(Record) + extra + 7) & ~uint64_t{7});
  }

  // What deterministic mode writes: two lines of a code object, a call from the second that has
  // ended and one that goes on, in which its thread is.
  void AddCounts() {
    TraceHeader& trace = file_.map.header().trace;
    trace.enabled = 1;
    trace.ns_per_tick = 0.5;
    const uint32_t caller = AddCode("/a/b.py", "main", 10);
    const uint32_t callee = AddCode("/a/b.py", "leaf", 2);
    const uint32_t edge_offset = Allocate<EdgeRecord>();
    auto& edge = file_.map.At<EdgeRecord>(edge_offset);
    edge.callee = callee;
    edge.calls = 2;
    edge.ticks = 600;
    const uint32_t lines_offset = Allocate<LinesRecord>(2 * sizeof(LineCounter));
    auto& lines = file_.map.At<LinesRecord>(lines_offset);
    lines.code = caller;
    lines.first_line = 10;
    lines.line_count = 2;
    auto* counters = &file_.map.At<LineCounter>(lines_offset + sizeof(LinesRecord));
    counters[0] = {3, 100, 0, 0};
    counters[1] = {2, -4, edge_offset, 0};
    trace.lines = lines_offset;
    const uint32_t chunk_offset = Allocate<FrameChunk>();
    auto& open = file_.map.At<FrameChunk>(chunk_offset).frames[1];
    open.edge = edge_offset;
    open.flags = kOutermostCall;
    open.start_ticks = 1000;
    const uint32_t thread_offset = Allocate<TraceThread>();
    auto& thread = file_.map.At<TraceThread>(thread_offset);
    thread.chunks = chunk_offset;
    thread.depth = 1;
    thread.own_ticks = 1400;
    trace.threads = thread_offset;
  }

  // The edge that AddCounts made.
  uint32_t EdgeOf(const RecordingHeader& header) {
    const uint64_t counters = header.trace.lines + sizeof(LinesRecord);
    return file_.map.At<LineCounter>(counters + sizeof(LineCounter)).edges;
  }

  std::string Bytes() {
    Result<std::string> bytes = ReadFile(file_.path, 1 << 30);
    return bytes ? bytes.value() : std::string();
  }

  std::string directory_;
  RecordingFile file_;
};

TEST_F(RecordingFileTest, LiveThreadsAreTold) {
  ThreadSlot* const slot = ClaimThreadSlot(file_.map, 77, {100, 10});
  ASSERT_NE(slot, nullptr);
  SetThreadTimes(slot, {350, 60});
  SetThreadTimes(ClaimThreadSlot(file_.map, 78, {100, 10}), {50, 60});  // senseless
  const Result<Recording> recording = ReadRecording(file_.path);
  ASSERT_TRUE(recording.ok()) << recording.error();
  ASSERT_EQ(recording.value().thread_list.size(), 1U);
  EXPECT_EQ(recording.value().thread_list[0].tid, 77);
  EXPECT_EQ(recording.value().thread_list[0].cpu_ns, 50U);
  EXPECT_FALSE(recording.value().thread_list[0].ended);
  EXPECT_EQ(recording.value().thread_wait_ns, 200U);
}

TEST_F(RecordingFileTest, IsPrivate) {
  const auto permissions = std::filesystem::status(file_.path).permissions();
  EXPECT_EQ(permissions, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

TEST_F(RecordingFileTest, ReadsBackWhatWasWritten) {
  const uint32_t outer = AddCode("/a/b.py", "main", 10);
  const uint32_t inner = AddCode("/a/b.py", "leaf", 2);
  const uint32_t call = InternNode(file_.map, 0, outer, 8, inner);
  const uint32_t leaf = InternNode(file_.map, call, inner, 4, 0);
  auto& node = file_.map.At<NodeRecord>(leaf);
  AddTo(node.cpu_samples, 3);
  AddTo(node.cpu_ns, 3'000'000);
  AddTo(node.wait_samples, 2);
  AddTo(node.wait_ns, 2'500'000);
  CountLoss(file_.map, LossReason::kThrottled, 7);
  AddNote(file_.map, "a note");
  AddNote(file_.map, "another");
  AddNote(file_.map, "a note");
  file_.map.header().refusal = AddText(file_.map, "no");

  const Result<Recording> read = ReadRecording(file_.path);
  ASSERT_TRUE(read.ok()) << read.error();
  const Recording& r = read.value();
  EXPECT_EQ(r.pid, getpid());
  EXPECT_EQ(r.python_version, "3.11.7");
  EXPECT_EQ(r.refusal, "no");
  EXPECT_EQ(r.notes, (std::vector<std::string>{"a note", "another"}));
  EXPECT_FALSE(r.ended);
  ASSERT_EQ(r.codes.size(), 2u);
  ASSERT_EQ(r.nodes.size(), 3u);
  EXPECT_EQ(r.codes[r.nodes[1].code].name, "main");
  EXPECT_EQ(r.codes[r.nodes[1].callee].name, "leaf");
  EXPECT_EQ(r.nodes[2].parent, 1u);
  EXPECT_EQ(r.nodes[2].callee, RecordedNode::kNoCallee);
  EXPECT_EQ(r.nodes[2].instruction, 4);
  EXPECT_EQ(r.cpu_samples, 3u);
  EXPECT_EQ(r.wait_samples, 2u);
  EXPECT_EQ(r.nodes[2].wait_ns, 2'500'000u);
  EXPECT_EQ(r.sampled_cpu_ns, 3'000'007u);
  ASSERT_EQ(r.losses.size(), 1u);
  EXPECT_EQ(r.losses[0].reason, "throttled on deep stacks");
}

TEST_F(RecordingFileTest, ReadsBackWhatWasCounted) {
  AddCounts();
  const Result<Recording> read = ReadRecording(file_.path);
  ASSERT_TRUE(read.ok()) << read.error();
  const Recording& r = read.value();
  EXPECT_TRUE(r.deterministic);
  ASSERT_EQ(r.lines.size(), 2u);
  EXPECT_EQ(r.lines[0].line, 10u);
  EXPECT_EQ(r.lines[0].hits, 3u);
  EXPECT_EQ(r.lines[0].time_ns, 50u);
  EXPECT_EQ(r.lines[1].line, 11u);
  EXPECT_EQ(r.lines[1].time_ns, 0u);  // a little below nothing is nothing
  ASSERT_EQ(r.edges.size(), 1u);
  EXPECT_EQ(r.edges[0].line, 11u);
  EXPECT_EQ(r.codes[r.edges[0].callee].name, "leaf");
  EXPECT_EQ(r.edges[0].calls, 2u);
  EXPECT_EQ(r.edges[0].time_ns, 500u);  // 600 ticks, and 400 of the call that goes on
  EXPECT_EQ(r.events, 7u);
}

TEST_F(RecordingFileTest, CountsOfStacksDeeperThanTheFileAreRefused) {
  AddCounts();
  auto& thread = file_.map.At<TraceThread>(file_.map.header().trace.threads);
  auto& chunk = file_.map.At<FrameChunk>(thread.chunks);
  chunk.next = thread.chunks;  // a ring of frames
  thread.depth = UINT32_MAX;
  EXPECT_FALSE(ReadRecording(file_.path).ok());
}

TEST_F(RecordingFileTest, InternsEqualsOnce) {
  const uint32_t code = AddCode("f.py", "f", 1);
  EXPECT_EQ(AddCode("f.py", "f", 1), code);
  EXPECT_NE(AddCode("f.py", "f", 2), code);
  EXPECT_NE(AddCode("f.py", "f", 1, "other table"), code);
  const uint32_t node = InternNode(file_.map, 0, code, 2, 0);
  EXPECT_EQ(InternNode(file_.map, 0, code, 2, 0), node);
  EXPECT_NE(InternNode(file_.map, 0, code, 4, 0), node);
  EXPECT_NE(InternNode(file_.map, 0, code, 2, code), node);
  EXPECT_NE(InternNode(file_.map, node, code, 2, 0), node);
}

// More nodes than buckets: the trees in them have branches.
TEST_F(RecordingFileTest, InternsManyNodesOnce) {
  constexpr int32_t kNodes = 3 * kNodeBuckets;
  const uint32_t code = AddCode("f.py", "f", 1);
  std::vector<uint32_t> nodes;
  for (int32_t i = 0; i < kNodes; ++i) {
    GrowRecordingFile(&file_);
    nodes.push_back(InternNode(file_.map, 0, code, i, 0));
    ASSERT_NE(nodes.back(), 0u);
  }
  for (int32_t i = 0; i < kNodes; ++i) ASSERT_EQ(InternNode(file_.map, 0, code, i, 0), nodes[i]);
  const Result<Recording> read = ReadRecording(file_.path);
  ASSERT_TRUE(read.ok()) << read.error();
  ASSERT_EQ(read.value().nodes.size(), nodes.size() + 1);
  for (int32_t i = 0; i < kNodes; ++i) ASSERT_EQ(read.value().nodes[i + 1].instruction, i);
}

TEST_F(RecordingFileTest, EqualCodeTakesNoRoom) {
  AddCode("f.py", "f", 1);
  const uint64_t top = file_.map.header().arena_top;
  for (int i = 0; i < 1000; ++i) AddCode("f.py", "f", 1);
  EXPECT_EQ(file_.map.header().arena_top, top);
}

TEST_F(RecordingFileTest, RefusesWhenFullAndGoesOnAfterGrowing) {
  const uint32_t code = AddCode("f.py", "f", 1);
  int32_t instruction = 0;
  while (InternNode(file_.map, 0, code, instruction, 0) != 0) instruction += 2;
  EXPECT_GT(instruction, 1000);
  EXPECT_EQ(AddCode(std::string(100, 'g') + ".py", "longer_than_a_node", 1), 0u);
  const uint64_t before = file_.map.header().capacity;
  ASSERT_TRUE(GrowRecordingFile(&file_));
  EXPECT_EQ(file_.map.header().capacity, before + kInitialArena);
  EXPECT_NE(InternNode(file_.map, 0, code, instruction, 0), 0u);
  EXPECT_TRUE(ReadRecording(file_.path).ok());
}

TEST_F(RecordingFileTest, GrowsOnlyWhenHalfFull) {
  const uint64_t before = file_.map.header().capacity;
  ASSERT_TRUE(GrowRecordingFile(&file_));
  EXPECT_EQ(file_.map.header().capacity, before);
}

TEST_F(RecordingFileTest, KeepsAFileSizeLimitWithoutASignal) {
  while (AllocateArena(file_.map, 1024) != 0) {
  }
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{file_.map.header().capacity, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &small), 0);
  EXPECT_FALSE(GrowRecordingFile(&file_));
  setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_TRUE(GrowRecordingFile(&file_));
}

TEST_F(RecordingFileTest, ThreadsInternTheSameNodes) {
  const uint32_t code = AddCode("f.py", "f", 1);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this, code] {
      for (int32_t i = 0; i < 1000; ++i) {
        const uint32_t node = InternNode(file_.map, 0, code, i * 2, 0);
        if (node != 0) AddTo(file_.map.At<NodeRecord>(node).cpu_samples, 1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const Result<Recording> read = ReadRecording(file_.path);
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(read.value().nodes.size(), 1001u);
  EXPECT_EQ(read.value().cpu_samples, 4000u);
}

TEST_F(RecordingFileTest, NamesOfEveryWidthBecomeUtf8) {
  const uint32_t offset = AllocateArena(file_.map, sizeof(CodeRecord) + 16);
  auto& record = file_.map.At<CodeRecord>(offset);
  record.size = sizeof(CodeRecord) + 16;
  record.filename_width = 2;
  record.filename_size = 4;
  record.name_width = 4;
  record.name_size = 8;
  record.qualname_width = 1;
  record.qualname_size = 1;
  const uint16_t filename[] = {0x20AC, 0xDCFF};  // the euro sign, and byte 0xFF of a bad name
  const uint32_t name[] = {0x1F40D, 0xD800};     // a snake, and a lone surrogate
  std::byte* at = file_.map.base + offset + sizeof(CodeRecord);
  std::memcpy(at, filename, 4);
  std::memcpy(at + 4, name, 8);
  std::memcpy(at + 12, "\xE9", 1);
  PublishCode(file_.map, offset);
  const Result<Recording> read = ReadRecording(file_.path);
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(read.value().codes[0].filename, "\xE2\x82\xAC\xFF");
  EXPECT_EQ(read.value().codes[0].name, "\xF0\x9F\x90\x8D\xEF\xBF\xBD");
  EXPECT_EQ(read.value().codes[0].qualified_name, "\xC3\xA9");
}

TEST_F(RecordingFileTest, ReaderSurvivesTruncationAtEveryByte) {
  const uint32_t code = AddCode("/a/b.py", "main", 10);
  InternNode(file_.map, 0, code, 8, 0);
  const std::string whole = Bytes().substr(0, file_.map.header().arena_top);
  ASSERT_TRUE(DecodeRecording(whole, "whole").ok());
  // All lengths through the header, then steps that are not aligned with anything.
  for (size_t size = 0; size < whole.size(); size += size < 5000 ? 1 : 97) {
    const Result<Recording> cut = DecodeRecording(std::string_view(whole).substr(0, size), "cut");
    ASSERT_FALSE(cut.ok()) << size;
    EXPECT_EQ(cut.error().rfind("cut: ", 0), 0u) << cut.error();
  }
}

TEST_F(RecordingFileTest, RoomForMoreRecordsIsNotRead) {
  const uint32_t code = AddCode("/a/b.py", "main", 10);
  InternNode(file_.map, 0, code, 8, 0);
  const Result<std::string> read = ReadRecordingBytes(file_.path);
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(read.value(), Bytes().substr(0, file_.map.header().arena_top));
  EXPECT_LT(read.value().size(), Bytes().size());
}

TEST_F(RecordingFileTest, ReaderSurvivesFlippedBits) {
  const uint32_t outer = AddCode("/a/b.py", "main", 10);
  const uint32_t inner = AddCode("/a/b.py", "leaf", 2);
  InternNode(file_.map, InternNode(file_.map, 0, outer, 8, inner), inner, 4, 0);
  AddCounts();
  const std::string whole = Bytes();
  std::mt19937 random(1);
  const auto flip = [&](size_t offset) {
    std::string damaged = whole;
    damaged[offset] = static_cast<char>(damaged[offset] ^ (1 << (random() % 8)));
    (void)DecodeRecording(damaged, "damaged");  // must only return
  };
  for (size_t offset = 0; offset < sizeof(RecordingHeader); ++offset) flip(offset);
  for (size_t offset = kArenaBegin; offset < file_.map.header().arena_top; ++offset) flip(offset);
}

// A program goes on while its file is copied, from front to back.
TEST_F(RecordingFileTest, WhatIsNewerThanTheCopyIsCountedAsLost) {
  const uint32_t old_code = AddCode("/a/b.py", "main", 10);
  const uint32_t old_node = InternNode(file_.map, 0, old_code, 8, 0);
  AddTo(file_.map.At<NodeRecord>(old_node).cpu_samples, 5);
  AddCounts();
  const RecordingHeader header = file_.map.header();
  const std::string before = Bytes();
  const uint32_t new_code = AddCode("/a/new.py", "f", 1);
  const uint32_t new_node = InternNode(file_.map, 0, new_code, 8, 0);
  const uint32_t child = InternNode(file_.map, new_node, old_code, 8, 0);
  for (const uint32_t node : {new_node, child}) {
    AddTo(file_.map.At<NodeRecord>(node).wait_samples, 1);
    AddTo(file_.map.At<NodeRecord>(node).cpu_ns, 10);
  }
  file_.map.At<EdgeRecord>(EdgeOf(header)).next = [&] {
    const uint32_t edge = Allocate<EdgeRecord>();
    file_.map.At<EdgeRecord>(edge).callee = new_code;
    return edge;
  }();
  std::string torn = Bytes();
  torn.replace(header.code_buckets_offset, header.code_bucket_count * 4, before,
               header.code_buckets_offset, header.code_bucket_count * 4);
  const Result<Recording> read = DecodeRecording(torn, "torn");
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(read.value().nodes.size(), 2U);
  EXPECT_EQ(read.value().cpu_samples, 5U);
  EXPECT_EQ(read.value().sampled_cpu_ns, 20U);
  EXPECT_EQ(read.value().edges.size(), 1U);
  ASSERT_EQ(read.value().losses.size(), 1U);
  EXPECT_EQ(read.value().losses[0].samples, 2U);
}

TEST_F(RecordingFileTest, LinksBeyondTheCopyAreNewerThanIt) {
  const uint32_t code = AddCode("/a/b.py", "main", 10);
  NodeRecord& node = file_.map.At<NodeRecord>(InternNode(file_.map, 0, code, 8, 0));
  node.next_zero = node.next_one = static_cast<uint32_t>(file_.map.header().arena_top);
  const Result<Recording> read = ReadRecording(file_.path);
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(read.value().nodes.size(), 2u);
}

TEST_F(RecordingFileTest, ReaderRefusesChainsThatDoNotEnd) {
  const uint32_t code = AddCode("f.py", "f", 1);
  const uint32_t node = InternNode(file_.map, 0, code, 2, 0);
  file_.map.At<NodeRecord>(node).next_zero = node;
  const Result<Recording> read = ReadRecording(file_.path);
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().find("chain"), std::string::npos) << read.error();
}

// Records that share their bytes must not take more memory, or time, than the file is long.
TEST_F(RecordingFileTest, ReaderRefusesTextsThatAreLongerThanTheFile) {
  for (int i = 0; i < 8; ++i) {
    const uint32_t code = AddCode("f.py", "f" + std::to_string(i), 1);
    file_.map.At<CodeRecord>(code).filename_size = kInitialArena / 2;
  }
  EXPECT_FALSE(ReadRecording(file_.path).ok());
}

TEST_F(RecordingFileTest, ReaderRefusesMoreCountersThanTheFileHasRoomFor) {
  AddCounts();
  const uint32_t code = file_.map.At<LinesRecord>(file_.map.header().trace.lines).code;
  uint32_t next = 0;
  // So far apart that the records which are read as counters count nothing.
  constexpr uint64_t kApart = sizeof(LineCounter) - sizeof(LinesRecord);
  for (int i = 0; i < 128; ++i) {
    const uint32_t lines = Allocate<LinesRecord>(kApart);
    file_.map.At<LinesRecord>(lines) = {next, code, 0, kInitialArena / 2 / sizeof(LineCounter)};
    next = lines;
  }
  file_.map.header().trace.lines = next;
  EXPECT_FALSE(ReadRecording(file_.path).ok());
}

TEST_F(RecordingFileTest, ReaderRefusesMoreOpenFramesThanTheFileHasRoomFor) {
  AddCounts();
  TraceThread thread = file_.map.At<TraceThread>(file_.map.header().trace.threads);
  const uint32_t chunk = thread.chunks;
  file_.map.At<FrameChunk>(chunk).next = chunk;
  thread.depth = kInitialArena / sizeof(OpenFrame);
  for (int i = 0; i < 32; ++i) {
    const uint32_t offset = Allocate<TraceThread>();
    file_.map.At<TraceThread>(offset) = thread;
    thread.next = offset;
  }
  file_.map.header().trace.threads = thread.next;
  EXPECT_FALSE(ReadRecording(file_.path).ok());
}

TEST_F(RecordingFileTest, UnknownVersionIsNamed) {
  for (const uint32_t version : {kOldestRecordingVersion - 1, kRecordingVersion + 1}) {
    file_.map.header().version = version;
    const Result<Recording> read = ReadRecording(file_.path);
    ASSERT_FALSE(read.ok());
    const std::string expected = "version " + std::to_string(version) + " is not known";
    EXPECT_NE(read.error().find(expected), std::string::npos) << read.error();
  }
}

// Its buckets were chains, by what is next_zero now.
TEST_F(RecordingFileTest, ReadsVersionThree) {
  const uint32_t code = AddCode("/a/b.py", "main", 10);
  const uint32_t first = AllocateArena(file_.map, sizeof(NodeRecord));
  file_.map.At<NodeRecord>(first) = {0, 0, code, 2, 0, 0, 5, 20, 0, 0};
  file_.map.At<NodeRecord>(InternNode(file_.map, 0, code, 8, 0)).next_zero = first;
  file_.map.header().version = 3;
  const Result<Recording> read = ReadRecording(file_.path);
  ASSERT_TRUE(read.ok()) << read.error();
  EXPECT_EQ(read.value().nodes.size(), 3u);
  EXPECT_EQ(read.value().cpu_samples, 5u);
}

TEST(RecordingFile, NamesWhatFailed) {
  RecordingFile file;
  EXPECT_STREQ(CreateRecordingFile("/nonexistent", {}, &file), "recording file");
  EXPECT_STREQ(CreateRecordingFile(std::string(5000, 'x'), {}, &file), "recording file");
}

}  // namespace
}  // namespace lineprof
