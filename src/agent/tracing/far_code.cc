#include "agent/tracing/far_code.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "agent/python_api.h"
#include "agent/tracing/monitoring_frame.h"
#include "agent/tracing/trace_clock.h"
#include "agent/tracing/traced_code.h"
#include "pyruntime/code_reader.h"

namespace lineprof {
namespace {

constexpr uint32_t kUnitBytes = 2;
constexpr size_t kTries = 3;

// Where the lines of units are (Include/cpython/code.h of 3.12 and 3.13).
struct UnitLinesLayout {
  uint32_t code_monitoring;   // PyCodeObject::_co_monitoring
  uint32_t monitoring_lines;  // _PyCoMonitoringData::lines
};
UnitLinesLayout LayoutOf(int minor) {
  return minor == 12 ? UnitLinesLayout{168, 40} : UnitLinesLayout{176, 32};
}

// Empty where they cannot be read. No debug offsets tell where they are, so a build of another
// layout must be a refusal here, not a fault.
std::vector<UnitLine> ReadUnitLines(uint64_t code) {
  constexpr uint64_t kMostUnits = uint64_t{1} << 25;
  const CheckedMemory memory{getpid()};
  const UnitLinesLayout layout = LayoutOf(g_code_reading.layout.minor);
  uint64_t units = 0;
  uint64_t monitoring = 0;
  uint64_t lines = 0;
  const bool is_known =
      ReadValue(memory, code + FrameLayout::kVarObjectSize, &units) && units <= kMostUnits &&
      ReadValue(memory, code + layout.code_monitoring, &monitoring) && monitoring != 0 &&
      ReadValue(memory, monitoring + layout.monitoring_lines, &lines) && lines != 0;
  if (!is_known) return {};
  std::vector<UnitLine> read(units);
  if (!memory.Read(lines, read.data(), units * sizeof(UnitLine))) return {};
  return read;
}

// Ticks that the interpreter takes to find the line of a unit. Not at best: the searches of events
// have their misses too.
int64_t TicksToFind(uint64_t code, uint64_t unit) {
  std::array<uint64_t, kTries> ticks{};
  for (uint64_t& taken : ticks) {
    const uint64_t begin = TraceTicks();
    PyCode_Addr2Line(reinterpret_cast<void*>(code), static_cast<int>(unit * kUnitBytes));
    taken = TraceTicks() - begin;
  }
  std::sort(ticks.begin(), ticks.end());
  return static_cast<int64_t>(ticks[kTries / 2]);
}

// Times the search for a unit.
void TimeSearch(uint64_t code, FarCode* far_code, uint64_t unit) {
  const uint32_t searched = far_code->At(unit).here;
  if (searched == 0) return;
  const int64_t ticks = TicksToFind(code, unit) - TicksToFind(code, far_code->known_unit);
  far_code->byte_256 = std::max<int64_t>(ticks, 0) * 256 / searched;
  far_code->timed_until = g_trace.look_due;
}

std::unique_ptr<FarCode> ReadFarCode(const TracedCode& code) {
  auto far_code = std::make_unique<FarCode>();
  const DirectMemory memory;
  CodeIdentity identity;
  if (!ReadCodeIdentity(memory, g_code_reading.layout, code.address, &identity)) return far_code;
  std::string table(identity.line_table_size, '\0');
  memory.Read(identity.line_table + FrameLayout::kBytesData, table.data(), table.size());
  far_code->places =
      FarPlacesOf(*code.lines, table, identity.first_line, ReadUnitLines(code.address));
  const auto known = std::find_if(far_code->places.begin(), far_code->places.end(),
                                  [](const FarPlace& place) { return place.here == 0; });
  far_code->known_unit = static_cast<uint64_t>(known - far_code->places.begin());
  return far_code;
}

// Whether the costs of a unit are known, and not older than the last look at the machine.
bool IsKnown(const FarCode* code, uint64_t unit) {
  return code != nullptr && (code->timed_until == g_trace.look_due || code->At(unit).here == 0);
}

// Makes them known. Gives the ticks that this took, which are no time of the program's.
uint64_t MeetUnit(TracedCode* code, uint64_t unit) {
  if (__builtin_expect(IsKnown(code->far_code.get(), unit), 1)) return 0;
  const uint64_t begin = TraceTicks();
  if (code->far_code == nullptr) code->far_code = ReadFarCode(*code);
  TimeSearch(code->address, code->far_code.get(), unit);
  return TraceTicks() - begin;
}

// The frame on top is at `place` now. Where nothing is searched, its lines are near ones again.
void StandAt(TraceThread* thread, const TracedCode& code, const FarPlace& place) {
  thread->top->place = place.end == 0 ? &code.near_place : &place;
}

// The frame on top starts `line` at `place`; `inside` is what is searched of it from then on.
void StartAt(TraceThread* thread, const TracedCode& code, const FarPlace& place, uint32_t inside,
             uint32_t line, const EventCost& cost, uint64_t now) {
  const FarCode& far_code = *code.far_code;
  const auto ticks = [&](int64_t bytes) { return bytes * far_code.byte_256 >> 8; };
  const int64_t before = place.compares ? far_code.EndOf(thread->top->place) : 0;
  StartLine(thread, line, now, {cost.in + ticks(before + place.here), cost.out + ticks(inside)});
  StandAt(thread, code, place);
}

}  // namespace

void StartFarLine(TraceThread* thread, TracedCode* code, uint32_t line, uint64_t now) {
  const uint64_t unit = UnitOf(CurrentFrame(), code->address);
  const uint64_t spent = MeetUnit(code, unit);
  const FarPlace& place = code->far_code->At(unit);
  StartAt(thread, *code, place, place.inside, line, CostOfLine(line), now);
  thread->last_ticks += spent;
}

void StartFarLineAgain(TraceThread* thread, TracedCode* code, uint32_t line, uint32_t from,
                       uint32_t to, uint64_t now) {
  const uint64_t spent = MeetUnit(code, to / kUnitBytes);
  const FarPlace& place = code->far_code->At(to / kUnitBytes);
  const FarPlace& last = code->far_code->At(from / kUnitBytes);
  const uint32_t inside = place.inside - std::min(last.inside, place.inside);
  StartAt(thread, *code, place, inside, line, g_trace.costs.jump, now);
  thread->last_ticks += spent;
}

void ResumeFarCode(TraceThread* thread, TracedCode* code, uint32_t instruction) {
  if (thread->lost_depth != 0) return;  // there was no room for its frame
  const uint64_t unit = instruction / kUnitBytes;
  thread->last_ticks += MeetUnit(code, unit);
  StandAt(thread, *code, code->far_code->At(unit));
}

}  // namespace lineprof
