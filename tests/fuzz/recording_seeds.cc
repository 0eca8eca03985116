#include <cstring>
#include <string_view>

#include "archive/layout.h"
#include "archive/writer.h"
#include "fuzz/seeds.h"
#include "recording/recording.h"
#include "recording/recording_map.h"
#include "recording/thread_slots.h"

namespace lineprof::fuzz {
namespace {

// A recording in a few kilobytes: its tables are shorter than the agent's, which the reader does
// not mind, and all records are in one bucket.
class SmallRecording {
 public:
  SmallRecording() {
    RecordingHeader& header = map().header();
    std::memcpy(header.magic, kRecordingMagic, sizeof(kRecordingMagic));
    header.version = kRecordingVersion;
    header.header_size = sizeof(RecordingHeader);
    header.capacity = bytes_.size();
    header.threads_offset = kThreads;
    header.thread_count = kThreadCount;
    header.code_buckets_offset = kThreads + kThreadCount * sizeof(ThreadSlot);
    header.code_bucket_count = kBuckets;
    header.node_buckets_offset = header.code_buckets_offset + kBuckets * 4;
    header.node_bucket_count = kBuckets;
    header.arena_top = header.node_buckets_offset + kBuckets * 4;
    header.pid = 100;
    header.start_monotonic_ns = 1000;
    header.end_monotonic_ns = 2'000'000;
    header.timer = static_cast<uint32_t>(TimerKind::kPerf);
    header.line_table_format = static_cast<uint32_t>(LineTableFormat::kPep626);
    header.python_hex_version = 3 << 16 | 10 << 8 | 13;
    constexpr std::string_view kArguments("python3\0a.py\0", 13);
    header.arguments = {Append(kArguments), static_cast<uint32_t>(kArguments.size())};
  }

  RecordingMap map() { return {reinterpret_cast<std::byte*>(bytes_.data())}; }

  template <typename Record>
  uint32_t Add(const Record& record) {
    return Append({reinterpret_cast<const char*>(&record), sizeof(record)});
  }

  uint32_t AddCode(std::string_view filename, std::string_view name) {
    constexpr std::string_view kTable("\x08\x01\x08\x01", 4);
    CodeRecord record{};
    record.first_line = 3;
    record.filename_size = static_cast<uint32_t>(filename.size());
    record.name_size = static_cast<uint32_t>(name.size());
    record.line_table_size = kTable.size();
    record.filename_width = record.name_width = record.qualname_width = 1;
    std::string all(reinterpret_cast<const char*>(&record), sizeof(record));
    all += filename;
    all += name;
    all += kTable;
    all.resize((all.size() + 7) & ~size_t{7});
    return Publish(map().header().code_buckets_offset, Append(all));
  }

  uint32_t AddNode(const NodeRecord& node) {
    return Publish(map().header().node_buckets_offset, Add(node));
  }

  std::string Finish() {
    const uint64_t end = map().header().arena_top;
    map().header().capacity = end;
    return bytes_.substr(0, end);
  }

 private:
  static constexpr uint32_t kThreads = (sizeof(RecordingHeader) + 7) & ~size_t{7};
  static constexpr uint32_t kThreadCount = 2;
  static constexpr uint32_t kBuckets = 2;

  uint32_t Append(std::string_view bytes) {
    const uint32_t offset = AllocateArena(map(), bytes.size());
    std::memcpy(bytes_.data() + offset, bytes.data(), bytes.size());
    return offset;
  }

  // Chains the record at `offset`, whose first word is for that.
  uint32_t Publish(uint32_t bucket, uint32_t offset) {
    map().At<uint32_t>(offset) = map().At<uint32_t>(bucket);
    map().At<uint32_t>(bucket) = offset;
    return offset;
  }

  std::string bytes_ = std::string(size_t{64} << 10, '\0');
};

std::string Sampled(bool by_thread, bool with_timeline) {
  SmallRecording recording;
  const RecordingMap map = recording.map();
  ThreadSlot* const slot = ClaimThreadSlot(map, 100, {1000, 0});
  SetThreadName(slot, "MainThread", 1);
  SetThreadTimes(slot, {5000, 3000});
  map.header().by_thread = by_thread ? 1 : 0;
  const uint32_t root = by_thread ? OffsetOfSlot(map, slot) : 0;
  const uint32_t outer = recording.AddCode("/home/a.py", "<module>");
  const uint32_t inner = recording.AddCode("/home/a.py", "f");
  NodeRecord node{};
  node.parent = root;
  node.code = outer;
  node.instruction = 4;
  node.callee = inner;
  const uint32_t caller = recording.AddNode(node);
  node = {};
  node.parent = caller;
  node.code = inner;
  node.instruction = 10;
  node.cpu_samples = 7;
  node.cpu_ns = 7'000'000;
  const uint32_t leaf = recording.AddNode(node);
  map.header().losses[0] = {2, 3000};
  if (with_timeline) {
    map.header().timeline.limit = 8;
    map.header().timeline.chunks = recording.Add(uint32_t{0});
    // One that is as short as the entries in it, in place of a whole chunk.
    const uint32_t entry = recording.Add(TimelineEntry{3000, 1000, 0, 100, leaf});
    map.At<uint32_t>(map.header().timeline.chunks) = entry;
    map.header().timeline.samples = 1;
  }
  return recording.Finish();
}

std::string Counted() {
  SmallRecording recording;
  const RecordingMap map = recording.map();
  TraceHeader& trace = map.header().trace;
  trace.enabled = 1;
  trace.ns_per_tick = 0.5;
  trace.event_cost_ns = 20;
  const uint32_t caller = recording.AddCode("/home/a.py", "<module>");
  const uint32_t callee = recording.AddCode("/home/a.py", "f");
  const uint32_t edge = recording.Add(EdgeRecord{0, callee, 2, 600, 0, 0});
  struct {
    LinesRecord head;
    LineCounter counters[2];
  } lines{{0, caller, 3, 2}, {{3, 100, 0, 0}, {2, -4, edge, 0}}};
  trace.lines = recording.Add(lines);
  // Of a chunk of open frames only the first two are there.
  OpenFrame frames[2] = {};
  frames[1].edge = edge;
  frames[1].flags = kOutermostCall;
  frames[1].start_ticks = 1000;
  struct {
    uint32_t next;
    uint32_t previous;
    OpenFrame frames[2];
  } chunk{0, 0, {frames[0], frames[1]}};
  TraceThread thread{};
  thread.chunks = recording.Add(chunk);
  thread.depth = 1;
  thread.own_ticks = 1400;
  trace.threads = recording.Add(thread);
  return recording.Finish();
}

std::string Archive() {
  ArchivedRun run;
  run.command = {"a.py", "b"};
  run.host = "node1";
  run.period_ns = 1'000'000;
  SourceText text;
  text.state = SourceText::State::kRead;
  text.lines = {"def f():", "  pass"};
  ArchiveWriter writer;
  writer.Add(run);
  writer.Add(PackRecording(Sampled(false, true)));
  writer.Add(ArchivedSource{"/home/a.py", text});
  return writer.Finish();
}

}  // namespace

Seeds RecordingSeeds() {
  return {{"sampled", Sampled(false, false)},
          {"by_thread", Sampled(true, false)},
          {"timeline", Sampled(true, true)},
          {"counted", Counted()}};
}

// A byte that chooses: the rest is a file (0), or what is in its chunks (1).
Seeds ArchiveSeeds() {
  const auto chunk = [](ChunkType type, const std::string& contents) {
    const auto size = static_cast<uint16_t>(contents.size());
    return std::string(1, static_cast<char>(type)) +
           std::string(reinterpret_cast<const char*>(&size), sizeof(size)) + contents;
  };
  return {{"file", std::string(1, '\0') + Archive()},
          {"chunks", std::string(1, '\1') + chunk(ChunkType::kRun, "") +
                         chunk(ChunkType::kRecording, Counted())}};
}

}  // namespace lineprof::fuzz
