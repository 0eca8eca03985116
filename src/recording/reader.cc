// The file is believed in nothing: every offset and size is checked against the bytes at hand
// before it is followed, every chain ends where it would meet a record again. A file that is still
// being written reads the same way, since records are published whole; a record that was made while
// the file was copied may refer to another that the copy lacks, and is left out.
#include "recording/reader.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <unordered_map>

#include "base/file.h"
#include "recording/layout.h"
#include "recording/loss_reason.h"
#include "recording/python_text.h"
#include "recording/record_offsets.h"
#include "recording/timeline_decoder.h"
#include "recording/trace_decoder.h"

namespace lineprof {
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 31;

std::vector<std::string> SplitAtNul(std::string_view bytes) {
  std::vector<std::string> parts;
  while (!bytes.empty()) {
    const size_t end = std::min(bytes.find('\0'), bytes.size());
    parts.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  return parts;
}

class Decoder {
 public:
  Decoder(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Result<Recording> Decode() {
    if (Result<void> header = DecodeHeader(); !header) return Error{header.error()};
    if (Result<void> codes = DecodeCodes(); !codes) return Error{codes.error()};
    DecodeThreads();
    if (Result<void> nodes = DecodeNodes(); !nodes) return Error{nodes.error()};
    TimelineDecoder timeline(bytes_, header_, node_ids_);
    if (!timeline.Decode(&recording_)) return Failure("damaged recording: timeline");
    SumUp();
    if (header_.trace.enabled != 0) {
      TraceDecoder trace(bytes_, header_, code_ids_);
      if (!trace.Decode(&recording_)) return Failure("damaged recording: counters");
    }
    return std::move(recording_);
  }

 private:
  Error Failure(const std::string& what) const { return Error{name_ + ": " + what}; }

  template <typename T>
  bool Get(uint64_t offset, T* value) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return false;
    std::memcpy(value, bytes_.data() + offset, sizeof(T));
    return true;
  }

  bool GetText(uint64_t offset, uint64_t size, std::string_view* text) const {
    if (offset > bytes_.size() || bytes_.size() - offset < size) return false;
    *text = bytes_.substr(offset, size);
    return true;
  }

  std::string_view Text(const TextReference& reference) const {
    std::string_view text;
    return GetText(reference.offset, reference.size, &text) ? text : std::string_view{};
  }

  Result<void> DecodeHeader() {
    if (!Get(0, &header_)) return Failure("not a recording: too short");
    if (std::memcmp(header_.magic, kRecordingMagic, sizeof(kRecordingMagic)) != 0) {
      return Failure("not a recording: wrong magic");
    }
    if (header_.version < kOldestRecordingVersion || header_.version > kRecordingVersion) {
      return Failure("recording version " + std::to_string(header_.version) +
                     " is not known; this lineprof reads versions " +
                     std::to_string(kOldestRecordingVersion) + " to " +
                     std::to_string(kRecordingVersion));
    }
    if (header_.header_size != sizeof(RecordingHeader)) {
      return Failure("damaged recording: header of another size");
    }
    if (header_.arena_top > bytes_.size() || header_.arena_top > header_.capacity) {
      return Failure("damaged or truncated recording: the file ends before its records do");
    }
    Recording& r = recording_;
    r.pid = header_.pid;
    r.parent_pid = header_.parent_pid;
    r.arguments = SplitAtNul(Text(header_.arguments));
    r.working_directory = Text(header_.working_directory);
    r.library_directories = SplitAtNul(Text(header_.libraries));
    r.refusal = Text(header_.refusal);
    for (const TextReference& note : header_.notes) {
      if (note.size != 0) r.notes.emplace_back(Text(note));
    }
    const uint32_t version = header_.python_hex_version;
    if (version != 0) {
      r.python_version = std::to_string(version >> 16) + "." +
                         std::to_string((version >> 8) & 255) + "." + std::to_string(version & 255);
    }
    const auto timer = static_cast<TimerKind>(header_.timer);
    r.timer = timer == TimerKind::kPerf        ? "perf cpu-clock"
              : timer == TimerKind::kMonotonic ? "monotonic timer"
              : timer == TimerKind::kOutside   ? "read from outside"
                                               : "none";
    r.from_outside = timer == TimerKind::kOutside;
    r.period_ns = header_.period_ns;
    r.start_monotonic_ns = header_.start_monotonic_ns;
    r.start_realtime_ns = header_.start_realtime_ns;
    r.end_monotonic_ns = std::max(header_.end_monotonic_ns, header_.start_monotonic_ns);
    DecodeEnd();
    r.threads = header_.threads_started;
    if (header_.line_table_format < 1 || header_.line_table_format > 3) {
      return Failure("damaged recording: unknown line table format");
    }
    r.line_table_format = static_cast<LineTableFormat>(header_.line_table_format);
    return {};
  }

  void DecodeEnd() {
    Recording& r = recording_;
    r.ended = header_.ended != 0;
    r.end_kind = header_.end_kind <= static_cast<uint32_t>(EndKind::kExec)
                     ? static_cast<EndKind>(header_.end_kind)
                     : EndKind::kUnknown;
    r.end_value = static_cast<int>(header_.end_value);
    r.paused_ns = header_.paused_ns;
    if (header_.pause_began_ns != 0) {
      r.paused_ns += Rest(r.end_monotonic_ns, header_.pause_began_ns);
    }
    r.paused_ns = std::min(r.paused_ns, r.end_monotonic_ns - r.start_monotonic_ns);
  }

  // The offsets of the records in the buckets of a table, a record's links being at `links` from
  // its start; fails if one leads to a record that was there before. What lies beyond the bytes is
  // newer than them. All buckets are followed at once, a step of each in turn: so the processor
  // waits for many records together, not for one after the other.
  Result<RecordOffsets> CollectRecords(uint32_t table, uint32_t buckets,
                                       std::initializer_list<size_t> links) const {
    std::vector<uint32_t> reached;
    for (uint64_t i = 0; i < buckets; ++i) {
      uint32_t head = 0;
      if (!Get(table + i * 4, &head)) return Failure("damaged recording: bucket outside the file");
      if (head != 0 && head < bytes_.size()) reached.push_back(head);
    }
    RecordOffsets found(bytes_.size());
    std::vector<uint32_t> next;
    while (!reached.empty()) {
      next.clear();
      for (const uint32_t at : reached) {
        if (!found.Insert(at)) return Failure("damaged recording: endless or broken chain");
        for (const size_t link : links) {
          uint32_t linked = 0;
          if (Get(at + link, &linked) && linked != 0 && linked < bytes_.size()) {
            next.push_back(linked);
          }
        }
      }
      reached.swap(next);
    }
    return found;
  }

  Result<void> DecodeCodes() {
    const Result<RecordOffsets> found = CollectRecords(
        header_.code_buckets_offset, header_.code_bucket_count, {offsetof(CodeRecord, next)});
    if (!found) return Error{found.error()};
    Result<void> added;
    found.value().ForEach([&](uint64_t at) {
      added = AddCode(at);
      return added.ok();
    });
    return added;
  }

  Result<void> AddCode(uint64_t at) {
    CodeRecord record;
    std::string_view filename, name, qualname, table;
    uint64_t offset = at + sizeof(CodeRecord);
    const auto take = [&](uint32_t size, std::string_view* text) {
      if (size > texts_left_ || !GetText(offset, size, text)) return false;
      offset += size;
      texts_left_ -= size;
      return true;
    };
    const auto sane = [](uint8_t width) { return width == 1 || width == 2 || width == 4; };
    if (!Get(at, &record) || !take(record.filename_size, &filename) ||
        !take(record.name_size, &name) || !take(record.qualname_size, &qualname) ||
        !take(record.line_table_size, &table) || !sane(record.filename_width) ||
        !sane(record.name_width) || !sane(record.qualname_width)) {
      return Failure("damaged recording: code record at offset " + std::to_string(at));
    }
    code_ids_.Add(at);
    recording_.codes.push_back({PythonTextToUtf8(filename, record.filename_width),
                                PythonTextToUtf8(name, record.name_width),
                                PythonTextToUtf8(qualname, record.qualname_width),
                                record.first_line, std::string(table)});
    return {};
  }

  // Parents are made before their children, so they have lower offsets: by offset, every node
  // stands after its parent.
  Result<void> DecodeNodes() {
    const Result<RecordOffsets> found =
        CollectRecords(header_.node_buckets_offset, header_.node_bucket_count,
                       {offsetof(NodeRecord, next_zero), offsetof(NodeRecord, next_one)});
    if (!found) return Error{found.error()};
    recording_.nodes.reserve(found.value().Count() + 1);
    recording_.nodes.emplace_back();
    node_ids_.Add(0);
    const bool all = found.value().ForEach([this](uint64_t at) { return AddNode(at); });
    if (!all) return Failure("damaged recording: node outside the file");
    return {};
  }

  // False if the file ends before the record does. A node that refers to what is not there is newer
  // than the copy.
  bool AddNode(uint64_t at) {
    NodeRecord record;
    if (!Get(at, &record)) return false;
    const bool is_outermost = IsRoot(record.parent);
    const std::optional<uint32_t> parent = node_ids_.Find(is_outermost ? 0 : record.parent);
    const std::optional<uint32_t> code = code_ids_.Find(record.code);
    const std::optional<uint32_t> callee = code_ids_.Find(record.callee);
    if (!parent || !code || (record.callee != 0 && !callee)) {
      newer_.samples += record.cpu_samples + record.wait_samples;
      newer_.cpu_ns += record.cpu_ns;
      return true;
    }
    node_ids_.Add(at);
    RecordedNode node;
    node.parent = *parent;
    node.code = *code;
    node.instruction = record.instruction;
    if (callee) node.callee = *callee;
    node.cpu_samples = record.cpu_samples;
    node.cpu_ns = record.cpu_ns;
    node.wait_samples = record.wait_samples;
    node.wait_ns = record.wait_ns;
    node.thread = is_outermost ? ThreadOf(record.parent) : recording_.nodes[node.parent].thread;
    recording_.nodes.push_back(node);
    return true;
  }

  static uint64_t Rest(uint64_t whole, uint64_t part) { return whole > part ? whole - part : 0; }

  void DecodeThreads() {
    Recording& r = recording_;
    r.by_thread = header_.by_thread != 0;
    r.merged_threads = {header_.merged_threads, header_.merged_cpu_ns,
                        Rest(header_.merged_wall_ns, header_.merged_cpu_ns),
                        header_.merged_gil_wait_ns};
    r.thread_cpu_ns = r.merged_threads.cpu_ns;
    r.thread_wait_ns = r.merged_threads.wait_ns;
    r.gil_wait_ns = r.merged_threads.gil_wait_ns;
    for (uint64_t i = 0; i < header_.thread_count; ++i) {
      const uint64_t at = header_.threads_offset + i * sizeof(ThreadSlot);
      ThreadSlot slot;
      if (!Get(at, &slot)) return;
      const auto state = static_cast<ThreadSlotState>(slot.state);
      if (state != ThreadSlotState::kLive && state != ThreadSlotState::kEnded) continue;
      if (slot.last_wall_ns < slot.start_wall_ns || slot.last_cpu_ns < slot.start_cpu_ns) continue;
      if ((slot.tree & kTreeShared) == 0) thread_index_.emplace(at, r.thread_list.size());
      AddThread(slot, state == ThreadSlotState::kEnded);
    }
  }

  void AddThread(const ThreadSlot& slot, bool ended) {
    RecordedThread thread;
    thread.tid = slot.tid;
    const std::string_view bytes(slot.name, std::min<size_t>(slot.name_size, sizeof(slot.name)));
    const bool is_python = slot.name_width == 1 || slot.name_width == 2 || slot.name_width == 4;
    thread.name = is_python ? PythonTextToUtf8(bytes, slot.name_width) : std::string(bytes);
    thread.start_monotonic_ns = slot.start_wall_ns;
    thread.end_monotonic_ns = slot.last_wall_ns;
    thread.cpu_ns = slot.last_cpu_ns - slot.start_cpu_ns;
    thread.wait_ns = Rest(slot.last_wall_ns - slot.start_wall_ns, thread.cpu_ns);
    thread.gil_wait_ns = slot.gil_wait_ns;
    thread.ended = ended;
    recording_.thread_cpu_ns += thread.cpu_ns;
    recording_.thread_wait_ns += thread.wait_ns;
    recording_.gil_wait_ns += thread.gil_wait_ns;
    recording_.thread_list.push_back(std::move(thread));
  }

  // Of the node whose parent stands for the root.
  uint32_t ThreadOf(uint32_t parent) const {
    const auto thread = thread_index_.find(parent);
    return thread == thread_index_.end() ? RecordedNode::kNoThread
                                         : static_cast<uint32_t>(thread->second);
  }

  // The root, or a thread's slot in place of it.
  bool IsRoot(uint32_t reference) const {
    if (reference == 0) return true;
    const uint64_t end =
        header_.threads_offset + uint64_t{header_.thread_count} * sizeof(ThreadSlot);
    return recording_.by_thread && reference >= header_.threads_offset && reference < end;
  }

  void SumUp() {
    for (const RecordedNode& node : recording_.nodes) {
      recording_.cpu_samples += node.cpu_samples;
      recording_.wait_samples += node.wait_samples;
      recording_.sampled_cpu_ns += node.cpu_ns;
    }
    for (size_t i = 0; i < std::size(header_.losses); ++i) {
      if (header_.losses[i].samples == 0) continue;
      recording_.losses.push_back(
          {LossReasonText(static_cast<LossReason>(i)), header_.losses[i].samples});
      recording_.sampled_cpu_ns += header_.losses[i].cpu_ns;
    }
    if (newer_.samples != 0) {
      recording_.losses.push_back({"in stacks newer than the copy read", newer_.samples});
      recording_.sampled_cpu_ns += newer_.cpu_ns;
    }
    if (header_.truncated_stacks != 0) {
      recording_.notes.push_back(std::to_string(header_.truncated_stacks) +
                                 " samples of very deep stacks have no frames in the middle");
    }
  }

  std::string_view bytes_;
  uint64_t texts_left_ = bytes_.size();  // longer ones share bytes: the file is damaged
  const std::string& name_;
  RecordingHeader header_{};
  Recording recording_;
  RecordIds code_ids_;  // indices of recording_.codes
  RecordIds node_ids_;  // indices of recording_.nodes; the root is at 0
  // By the offset of a slot whose nodes are of its one thread.
  std::unordered_map<uint64_t, size_t> thread_index_;
  LossCounter newer_{};  // samples in nodes that were left out
};

// Where the records in the file end by now; of what is no recording, the longest that one may be.
size_t EndOfRecords(int fd) {
  RecordingHeader header;
  const bool is_recording =
      pread(fd, &header, sizeof(header), 0) == static_cast<ssize_t>(sizeof(header)) &&
      std::memcmp(header.magic, kRecordingMagic, sizeof(kRecordingMagic)) == 0;
  return is_recording ? std::min<size_t>(header.arena_top, kMaxFileBytes) : kMaxFileBytes;
}

}  // namespace

Result<Recording> DecodeRecording(std::string_view bytes, const std::string& name) {
  return Decoder(bytes, name).Decode();
}

Result<std::string> ReadRecordingBytes(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.ok()) return Error{"cannot open " + path + ": " + ErrnoText(errno)};
  std::string bytes;
  // Room for more records may follow, in a large file as much again. What is made while the buckets
  // are read comes with the second pass; nothing in them refers to what is newer still.
  for (int pass = 0; pass < 2; pass++) {
    const size_t end = EndOfRecords(fd.get());
    if (end <= bytes.size()) break;
    const Result<std::string> read = ReadAll(fd.get(), end - bytes.size());
    if (!read) return Error{"cannot read " + path + ": " + read.error()};
    bytes += read.value();
  }
  return bytes;
}

Result<Recording> ReadRecording(const std::string& path) {
  const Result<std::string> bytes = ReadRecordingBytes(path);
  if (!bytes) return Error{bytes.error()};
  return DecodeRecording(bytes.value(), path);
}

Result<std::vector<std::string>> ListRecordings(const std::string& directory) {
  DIR* stream = opendir(directory.c_str());
  if (stream == nullptr) return Error{directory + ": " + ErrnoText(errno)};
  std::vector<std::string> paths;
  constexpr std::string_view kSuffix = kRecordingSuffix;
  while (const dirent* entry = readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name.size() > kSuffix.size() && name.ends_with(kSuffix)) {
      paths.push_back(directory + "/" + std::string(name));
    }
  }
  closedir(stream);
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace lineprof
