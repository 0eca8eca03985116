#include "agent/tracing/traced_code.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <unordered_map>

#include "agent/python_api.h"
#include "pyruntime/code_reader.h"
#include "recorder/code_recorder.h"

namespace lineprof {

CodeTable& g_codes = *new CodeTable;
CodeTable::Slot CodeTable::g_no_slots[1];
CodeReading g_code_reading;
uint32_t g_code_generation = 1;

namespace {

constexpr size_t kInitialSlots = 4096;  // a power of two
// Code that claims more lines than this for its size was not compiled from a source: its lines go
// uncounted rather than fill the recording.
constexpr uint64_t kLinesPerRange = 256;
constexpr uint64_t kFreeLines = 65536;

// How the ends of code objects are known: by a watcher, or by data that they free.
bool g_has_watcher = false;
ptrdiff_t g_extra_index = -1;
// CodeRecord -> LinesRecord.
auto& g_lines_records = *new std::unordered_map<uint32_t, uint32_t>;

void OnCodeFreed(void* data) {
  if (g_codes.Erase(reinterpret_cast<uint64_t>(data))) ++g_code_generation;
}

int OnCodeEvent(int event, void* code) {
  constexpr int kDestroyed = 1;
  if (event == kDestroyed) OnCodeFreed(code);
  return 0;
}

// Include/cpython/code.h and Objects/codeobject.c of 3.8 to 3.11.
constexpr uint64_t kExtraOffset = 144;
constexpr uint64_t kExtraOffset311 = 176;
struct ExtraData {
  int64_t size;
  uint64_t data[1];
};

// With the agent's entry the object has got empty ones for all who registered a destructor later,
// which would be called with null for an object that they never touched: they are cut off again.
// The interpreter makes them anew when they are needed.
void CutOffEmptyEntries(uint64_t code) {
  if (PyUnstable_Code_SetExtra != nullptr) return;  // 3.12+: another layout
  const bool is_311 = g_code_reading.layout.kind != FrameKind::kFrameObject;
  auto* const extra =
      *reinterpret_cast<ExtraData**>(code + (is_311 ? kExtraOffset311 : kExtraOffset));
  if (extra == nullptr || extra->size <= g_extra_index) return;
  const bool is_empty = std::all_of(extra->data + g_extra_index + 1, extra->data + extra->size,
                                    [](uint64_t entry) { return entry == 0; });
  if (extra->data[g_extra_index] == code && is_empty) extra->size = g_extra_index + 1;
}

void TagCode(uint64_t address) {
  if (g_extra_index < 0) return;
  void* const code = reinterpret_cast<void*>(address);
  const int failed = PyUnstable_Code_SetExtra != nullptr
                         ? PyUnstable_Code_SetExtra(code, g_extra_index, code)
                         : _PyCode_SetExtra(code, g_extra_index, code);
  if (failed != 0) return PyErr_Clear();
  CutOffEmptyEntries(address);
}

// The instructions of a code object of 3.8 to 3.11.
std::string InstructionsOf(uint64_t code) {
  constexpr uint64_t kMostBytes = uint64_t{1} << 26;
  const DirectMemory memory;
  const FrameLayout& layout = g_code_reading.layout;
  uint64_t begin = code + layout.code_instructions;
  uint64_t size = 0;
  if (layout.kind == FrameKind::kFrameObject) {
    uint64_t bytes = 0;
    ReadValue(memory, begin, &bytes);
    ReadValue(memory, bytes + FrameLayout::kVarObjectSize, &size);
    begin = bytes + FrameLayout::kBytesData;
  } else {
    ReadValue(memory, code + FrameLayout::kVarObjectSize, &size);  // in units of two bytes
    size *= 2;
  }
  std::string instructions(std::min(size, kMostBytes), '\0');
  memory.Read(begin, instructions.data(), instructions.size());
  return instructions;
}

// Whether it is the code of a generator, coroutine or async generator (Include/code.h).
bool Suspends(uint64_t code) {
  constexpr long kSuspending = 0x20 | 0x80 | 0x200;
  if (PyObject_GetAttrString == nullptr) return false;
  void* const flags = PyObject_GetAttrString(reinterpret_cast<void*>(code), "co_flags");
  if (flags == nullptr) {
    PyErr_Clear();
    return false;
  }
  const long value = PyLong_AsLong(flags);
  Py_DecRef(flags);
  return (value & kSuspending) != 0;
}

// Reads the line table of the code object.
void ReadLines(TracedCode* code, const CodeIdentity& identity) {
  std::string bytes(identity.line_table_size, '\0');
  DirectMemory{}.Read(identity.line_table + FrameLayout::kBytesData, bytes.data(), bytes.size());
  code->lines = std::make_unique<LineTable>(g_code_reading.format, bytes, identity.first_line);
  if (g_code_reading.has_far_lines) {
    code->near_place.first_far_line = FirstFarLine(*code->lines, identity.first_line);
    if (code->near_place.first_far_line != 0) code->counters.place = &code->near_place;
  }
  if (!g_code_reading.has_unit_costs) return;
  code->units =
      UnitCostsOf(*code->lines, g_code_reading.format, bytes, InstructionsOf(code->address));
  code->counters.units = code->units.data();
}

struct LineSpan {
  uint32_t first = 0;
  uint32_t count = 0;
};

// The lines that the code has, as one span; empty if they are absurd.
LineSpan SpanOf(const LineTable& lines, uint32_t first_line) {
  uint64_t low = std::max<uint32_t>(first_line, 1);
  uint64_t high = low;
  for (const LineRange& range : lines.ranges()) {
    if (range.line < 1) continue;
    low = std::min<uint64_t>(low, static_cast<uint64_t>(range.line));
    high = std::max<uint64_t>(high, static_cast<uint64_t>(range.line));
  }
  if (high - low > kFreeLines + kLinesPerRange * lines.ranges().size()) return {};
  return {static_cast<uint32_t>(low), static_cast<uint32_t>(high - low + 1)};
}

// The LinesRecord of the CodeRecord, made if it is new; 0 if there is no room.
uint32_t LinesRecordOf(uint32_t code_record, const LineSpan& span) {
  const auto known = g_lines_records.find(code_record);
  if (known != g_lines_records.end()) return known->second;
  const RecordingMap& map = g_trace.file->map;
  const uint64_t size = sizeof(LinesRecord) + uint64_t{span.count} * sizeof(LineCounter);
  const uint32_t offset = AllocateGrowing(g_trace.file, size);
  if (offset == 0) return 0;
  auto& record = map.At<LinesRecord>(offset);
  record.code = code_record;
  record.first_line = span.first;
  record.line_count = span.count;
  uint32_t& list = map.header().trace.lines;
  record.next = list;
  std::atomic_ref<uint32_t>(list).store(offset, std::memory_order_release);
  g_lines_records.emplace(code_record, offset);
  return offset;
}

// Bytes that a description may take at most: texts are cut at kMaxTextCodePoints.
uint64_t DescriptionBytes(const CodeIdentity& identity) {
  return sizeof(CodeRecord) + 3 * 4 * uint64_t{kMaxTextCodePoints} + identity.line_table_size;
}

uint32_t RecordGrowing(const CodeIdentity& identity) {
  const RecordingMap& map = g_trace.file->map;
  const DirectMemory memory;
  const uint32_t record = RecordCode(map, g_code_reading.layout, memory, identity);
  if (record != 0) return record;
  const uint64_t bytes = DescriptionBytes(identity);
  const uint32_t room = AllocateGrowing(g_trace.file, bytes);
  if (room == 0) return 0;
  ReturnArena(map, room, bytes);
  return RecordCode(map, g_code_reading.layout, memory, identity);
}

// Fills the counters of new code. Leaves them empty where there is no room.
void Describe(TracedCode* code, const CodeIdentity& identity) {
  code->counters.record = RecordGrowing(identity);
  if (code->counters.record == 0) {
    ++g_trace.file->map.header().trace.lost_events;
    return;
  }
  if (!code->counted) return;
  const LineSpan span = SpanOf(*code->lines, identity.first_line);
  if (span.count == 0) return;
  const uint32_t lines = LinesRecordOf(code->counters.record, span);
  if (lines == 0) {
    ++g_trace.file->map.header().trace.lost_events;
    return;
  }
  code->counters.first_line = span.first;
  code->counters.line_count = span.count;
  code->counters.lines = &g_trace.file->map.At<LineCounter>(lines + sizeof(LinesRecord));
}

}  // namespace

uint32_t TracedCode::LineAt(uint32_t instruction) const {
  if (lines == nullptr) return 0;
  const auto& ranges = lines->ranges();
  const auto range = std::upper_bound(ranges.begin(), ranges.end(), instruction,
                                      [](uint32_t at, const LineRange& r) { return at < r.end; });
  return range == ranges.end() || range->line < 1 ? 0 : static_cast<uint32_t>(range->line);
}

CodeTable::~CodeTable() {
  Clear();
  if (slots_ != g_no_slots) delete[] slots_;
}

void CodeTable::Place(const Slot& slot) {
  uint64_t i = Hash(slot.address);
  while (slots_[i & mask_].address != 0) ++i;
  slots_[i & mask_] = slot;
}

void CodeTable::Grow() {
  const uint64_t old_size = mask_ + 1;
  Slot* const old = slots_;
  const uint64_t size = std::max<uint64_t>(old_size * 2, kInitialSlots);
  slots_ = new Slot[size];
  mask_ = size - 1;
  shift_ = 64 - __builtin_ctzll(size);
  for (uint64_t i = 0; i < old_size; ++i) {
    if (old[i].address != 0) Place(old[i]);
  }
  if (old != g_no_slots) delete[] old;
}

void CodeTable::Insert(std::unique_ptr<TracedCode> code) {
  if (++count_ * 2 > mask_) Grow();
  Place({code->address, code.get()});
  code.release();
}

bool CodeTable::Erase(uint64_t address) {
  if (address == 0) return false;
  uint64_t i = Hash(address);
  while (slots_[i & mask_].address != address) {
    if (slots_[i++ & mask_].address == 0) return false;
  }
  delete slots_[i & mask_].code;
  slots_[i & mask_] = Slot{};
  --count_;
  // What was placed behind it, because its own place was taken, moves up.
  for (++i; slots_[i & mask_].address != 0; ++i) {
    const Slot moved = slots_[i & mask_];
    slots_[i & mask_] = Slot{};
    Place(moved);
  }
  return true;
}

void CodeTable::Clear() {
  for (uint64_t i = 0; i <= mask_; ++i) {
    delete slots_[i].code;
    slots_[i] = Slot{};
  }
  count_ = 0;
}

bool WatchCodeEnds() {
  if (g_has_watcher) return true;
  if (PyCode_AddWatcher != nullptr) {
    g_has_watcher = PyCode_AddWatcher(OnCodeEvent) >= 0;
    if (g_has_watcher) return true;
    PyErr_Clear();
  }
  if (g_extra_index < 0) {
    g_extra_index = PyUnstable_Eval_RequestCodeExtraIndex != nullptr
                        ? PyUnstable_Eval_RequestCodeExtraIndex(OnCodeFreed)
                        : _PyEval_RequestCodeExtraIndex(OnCodeFreed);
  }
  return g_extra_index >= 0;
}

TracedCode* MeetCode(uint64_t address) {
  auto code = std::make_unique<TracedCode>();
  code->address = address;
  CodeIdentity identity;
  const DirectMemory memory;
  if (ReadCodeIdentity(memory, g_code_reading.layout, address, &identity) &&
      identity.line_table_size <= kMaxLineTableBytes) {
    ReadLines(code.get(), identity);
    code->counters.suspends = Suspends(address);
    code->counted = g_code_reading.is_counted == nullptr || g_code_reading.is_counted(address);
    Describe(code.get(), identity);
  }
  TracedCode* const met = code.get();
  TagCode(address);  // first: a tag from before a fork is told of its end by this
  g_codes.Insert(std::move(code));
  return met;
}

void SetPrivateCounters(TracedCode* code, LineCounter* counters, uint32_t count,
                        uint32_t first_line) {
  code->counters.lines = counters;
  code->counters.first_line = first_line;
  code->counters.line_count = count;
}

void ForgetCodes() {
  g_codes.Clear();
  g_lines_records.clear();
  ++g_code_generation;
}

}  // namespace lineprof
