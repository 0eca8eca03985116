#include "attach/stack_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "attach/object_reader.h"
#include "attach/python_threads.h"
#include "attach/stack_walk.h"
#include "attach/thread_clock.h"
#include "base/process_files.h"
#include "pyruntime/line_table.h"
#include "recording/python_text.h"

namespace lineprof {
namespace {

constexpr int kAttempts = 200;
constexpr uint64_t kMaxLocals = 100;

class Dumper {
 public:
  Dumper(const Target& target, std::optional<ObjectReader> objects)
      : target_(target),
        objects_(std::move(objects)),
        threads_(target),
        buffer_(std::make_unique<FrameBuffer>()) {}

  StackDump Dump();

 private:
  DumpedThread DumpThread(const PythonThread& python);
  DumpedFrame Describe(const RawFrame& raw) const;
  std::vector<uint64_t> FrameAddresses(uint64_t state) const;
  void AddLocals(uint64_t frame, uint64_t code, DumpedFrame* dumped) const;
  std::string TextOf(uint64_t object) const;

  const Target& target_;
  const std::optional<ObjectReader> objects_;  // for variables
  PythonThreads threads_;
  std::unique_ptr<FrameBuffer> buffer_;
};

StackDump Dumper::Dump() {
  StackDump dump;
  dump.pid = target_.pid;
  dump.python_version = fmt::format("{}.{}.{}", target_.hex_version >> 16, target_.minor(),
                                    target_.hex_version & 255);
  for (const PythonThread& thread : threads_.List()) dump.threads.push_back(DumpThread(thread));
  return dump;
}

DumpedThread Dumper::DumpThread(const PythonThread& python) {
  DumpedThread thread;
  thread.tid = python.tid;
  const auto stat =
      ParseStat(ReadProcText(target_.pid, "task/" + std::to_string(python.tid) + "/stat"));
  if (stat) {
    thread.name = stat->name;
    thread.is_running = stat->state == 'R';
  }
  StackWalk walk(target_);
  const WalkResult result = walk.Walk(python, thread.is_running, kAttempts, buffer_.get());
  thread.is_readable = result != WalkResult::kUnreadable;
  if (result != WalkResult::kFrames) return thread;
  const uint64_t state = walk.state();
  thread.has_gil = threads_.GilHolder(state) == state;
  thread.is_truncated = buffer_->truncated;
  for (uint32_t i = 0; i < buffer_->size(); ++i) {
    thread.frames.push_back(Describe(buffer_->FromOutermost(i)));
  }
  if (!objects_) return thread;
  // From the innermost frame on: as far as the list is still the one that was walked.
  uint32_t i = buffer_->size();
  for (const uint64_t frame : FrameAddresses(state)) {
    if (i == 0) break;
    uint64_t code = 0;
    if (!ReadValue(target_.memory, frame + target_.walk.layout.frame_code, &code)) break;
    code &= target_.walk.layout.code_pointer_mask;
    if (code != buffer_->FromOutermost(i - 1).code) continue;  // a shim
    AddLocals(frame, code, &thread.frames[--i]);
  }
  return thread;
}

std::string Dumper::TextOf(uint64_t object) const {
  TextLocation text;
  if (!LocateText(target_.memory, target_.walk.layout, object, &text)) return "?";
  std::string bytes(text.bytes, '\0');
  if (!target_.memory.Read(text.address, bytes.data(), bytes.size())) return "?";
  return PythonTextToUtf8(bytes, text.width);
}

DumpedFrame Dumper::Describe(const RawFrame& raw) const {
  const FrameLayout& layout = target_.walk.layout;
  DumpedFrame frame;
  CodeIdentity identity;
  uint64_t name = 0;
  if (!ReadCodeIdentity(target_.memory, layout, raw.code, &identity) ||
      !ReadValue(target_.memory,
                 raw.code + (layout.code_qualname != 0 ? layout.code_qualname : layout.code_name),
                 &name) ||
      identity.line_table_size > kMaxLineTableBytes) {
    return frame;
  }
  std::string table(identity.line_table_size, '\0');
  if (!target_.memory.Read(identity.line_table + FrameLayout::kBytesData, table.data(),
                           table.size())) {
    return frame;
  }
  frame.file = TextOf(identity.filename);
  frame.function = TextOf(name);
  frame.line =
      LineTable(target_.line_table_format, table, identity.first_line).LineOf(raw.instruction);
  return frame;
}

// The frames of the list from the innermost on, also those that run no Python code.
std::vector<uint64_t> Dumper::FrameAddresses(uint64_t state) const {
  const FrameLayout& layout = target_.walk.layout;
  std::vector<uint64_t> addresses;
  uint64_t at = 0;
  if (!ReadValue(target_.memory, state + layout.thread_frame, &at)) return addresses;
  if (layout.kind == FrameKind::kCFrame &&
      !ReadValue(target_.memory, at + layout.cframe_current, &at)) {
    return addresses;
  }
  constexpr size_t kMost = 4096;
  while (IsPlausiblePointer(at) && addresses.size() < kMost) {
    addresses.push_back(at);
    if (!ReadValue(target_.memory, at + layout.frame_previous, &at)) break;
  }
  return addresses;
}

void Dumper::AddLocals(uint64_t frame, uint64_t code, DumpedFrame* dumped) const {
  const ObjectLayout& layout = objects_->layout();
  std::vector<uint64_t> names;
  for (const uint32_t tuple_at : {layout.names, layout.cell_names, layout.free_names}) {
    uint64_t tuple = 0;
    if (tuple_at == 0 || !ReadValue(target_.memory, code + tuple_at, &tuple)) continue;
    const std::vector<uint64_t> more = objects_->TupleItems(tuple, kMaxLocals);
    names.insert(names.end(), more.begin(), more.end());
  }
  uint64_t kinds = 0;
  if (layout.kinds != 0) ReadValue(target_.memory, code + layout.kinds, &kinds);
  for (size_t i = 0; i < std::min<size_t>(names.size(), kMaxLocals); ++i) {
    uint8_t kind = 0;
    uint64_t value = 0;
    if (kinds != 0) ReadValue(target_.memory, kinds + FrameLayout::kBytesData + i, &kind);
    if ((kind & ObjectLayout::kHidden) != 0 ||
        !ReadValue(target_.memory, frame + layout.locals + i * 8, &value)) {
      continue;
    }
    value &= layout.local_pointer_mask;
    if (value == 0) continue;  // not set yet, or deleted
    value = objects_->Uncell(value);
    const std::optional<std::string> name = objects_->Text(names[i]);
    if (name && value != 0) dumped->locals.emplace_back(*name, objects_->Repr(value));
  }
}

}  // namespace

Result<StackDump> DumpStacks(const Target& target, bool with_locals) {
  std::optional<ObjectReader> objects;
  if (with_locals) {
    Result<ObjectReader> reader = ObjectReader::Create(target);
    if (!reader.ok()) return Error{reader.error()};
    objects.emplace(std::move(reader).value());
  }
  StackDump dump = Dumper(target, std::move(objects)).Dump();
  if (dump.threads.empty()) return Error{fmt::format("process {}: it has ended", target.pid)};
  return dump;
}

}  // namespace lineprof
