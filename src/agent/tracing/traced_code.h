// The code objects that were met: which counters their lines have.
//
// Found by address. An address is used again after a code object's end, which takes it out of the
// table: code is not kept alive. From 3.12 on a code watcher tells of the end; before, the
// destructor of an entry of the agent's in the object's co_extra. The counters stay in the
// recording, and code with the same content (exec in a loop) has the same ones.
//
// THREAD: any. GIL: held. SIGNAL-SAFE: no (allocates).
#ifndef LINEPROF_AGENT_TRACING_TRACED_CODE_H_
#define LINEPROF_AGENT_TRACING_TRACED_CODE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "agent/tracing/far_code.h"
#include "agent/tracing/thread_trace.h"
#include "agent/tracing/unit_cost.h"
#include "pyruntime/frame_layout.h"
#include "pyruntime/line_table.h"

namespace lineprof {

struct TracedCode {
  uint64_t address = 0;
  CodeCounters counters;
  uint32_t start_line = 0;  // of the first instruction that is traced: the def's; 0: none
  bool start_known = false;
  bool counted = true;            // false: filtered out
  bool calls_seen = false;        // filtered out, but its calls from counted code are counted
  bool has_local_events = false;  // sys.monitoring's, in counted code of a filtered run
  std::unique_ptr<LineTable> lines;
  std::vector<UnitCost> units;        // what CodeCounters::units points to
  FarPlace near_place;                // what CodeCounters::place points to
  std::unique_ptr<FarCode> far_code;  // null: no far line of it was met

  // The line of an instruction as a frame's f_lineno has it, 0 if it has none.
  uint32_t LineAt(uint32_t instruction) const;
};

// Addresses of code objects -> TracedCode. Open addressing; owns its values.
class CodeTable {
 public:
  CodeTable() = default;
  ~CodeTable();
  CodeTable(const CodeTable&) = delete;
  CodeTable& operator=(const CodeTable&) = delete;

  TracedCode* Find(uint64_t address) const {
    for (uint64_t i = Hash(address);; ++i) {
      const Slot& slot = slots_[i & mask_];
      if (__builtin_expect(slot.address == address, 1)) return slot.code;
      if (slot.address == 0) return nullptr;
    }
  }
  // REQUIRES: not there yet.
  void Insert(std::unique_ptr<TracedCode> code);
  // False if it is not there.
  bool Erase(uint64_t address);
  void Clear();
  size_t size() const { return count_; }

 private:
  struct Slot {
    uint64_t address = 0;
    TracedCode* code = nullptr;
  };
  // Objects are 16-aligned; the multiplier is 2^64 / the golden ratio.
  uint64_t Hash(uint64_t address) const { return (address >> 4) * 0x9e3779b97f4a7c15u >> shift_; }
  void Place(const Slot& slot);
  void Grow();

  static Slot g_no_slots[1];
  Slot* slots_ = g_no_slots;
  uint64_t mask_ = 0;
  int shift_ = 63;
  size_t count_ = 0;
};

// Never destroyed: threads may still run while the process ends.
extern CodeTable& g_codes;

// What the tracer needs to read code objects. Once, before the first code is met.
struct CodeReading {
  FrameLayout layout;
  LineTableFormat format = LineTableFormat::kLocations;
  bool has_unit_costs = false;  // CodeCounters::units is wanted
  bool has_far_lines = false;   // CodeCounters::place is wanted
  // Whether the code's lines are to be counted; null: all are. Asked once for each code object.
  bool (*is_counted)(uint64_t code) = nullptr;
};
extern CodeReading g_code_reading;

// Asks for the place in code objects where their end is told. False if there is none left.
bool WatchCodeEnds();

// The code object at `address`, described into the recording if it is new. Never null: where there
// is no room it has no counters.
TracedCode* MeetCode(uint64_t address);
inline TracedCode* CodeAt(uint64_t address) {
  TracedCode* code = g_codes.Find(address);
  return __builtin_expect(code != nullptr, 1) ? code : MeetCode(address);
}

// Gives a code object counters outside the recording, of `count` lines from `first_line` on. The
// caller owns them.
void SetPrivateCounters(TracedCode* code, LineCounter* counters, uint32_t count,
                        uint32_t first_line);

// Counts up whenever an address may have got another meaning.
extern uint32_t g_code_generation;

// A forked child begins anew.
void ForgetCodes();

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_TRACED_CODE_H_
