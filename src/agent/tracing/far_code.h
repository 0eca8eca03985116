// Events in code with far lines (far_lines.h), on 3.12 and 3.13: what the interpreter searches is
// taken off.
//
// Which units are searched for is read from what the interpreter itself keeps of them, when a line
// of such code first starts: only then it is sure to be there. How long a search takes is timed
// by calling it, anew after each look at the machine (machine.h): it depends on the table, and
// costs so much that how it follows the machine's speed cannot be guessed well enough.
//
// A frame of such code knows the place where its line started (OpenFrame::place), since the next
// line's event may search for the unit before it: the last one of this line, most likely.
// GIL: held. THREAD: any. SIGNAL-SAFE: no.
#ifndef LINEPROF_AGENT_TRACING_FAR_CODE_H_
#define LINEPROF_AGENT_TRACING_FAR_CODE_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "agent/tracing/far_lines.h"
#include "agent/tracing/thread_trace.h"

namespace lineprof {

struct TracedCode;

// Of a code object whose far lines were met.
struct FarCode {
  std::vector<FarPlace> places;  // by code unit; empty: they could not be read
  uint64_t known_unit = 0;       // one that is not searched for
  int64_t byte_256 = 0;          // 1/256 ticks that a byte of its line table takes to be searched
  uint64_t timed_until = 0;      // TraceContext::look_due, when that was timed

  const FarPlace& At(uint64_t unit) const {
    return unit < places.size() ? places[unit] : kUnknownPlace;
  }
  // What is searched for the unit before the next line. `place` may be of code that is gone.
  uint32_t EndOf(const FarPlace* place) const {
    const std::less<const FarPlace*> is_before;
    if (is_before(place, places.data()) || !is_before(place, places.data() + places.size()))
      return 0;
    return place->end;
  }
};

// Whether that version (3.minor) looks lines up.
inline bool LooksLinesUp(int minor) { return minor == 12 || minor == 13; }

// The frame on top, of which MaySearch, starts `line` where it is.
void StartFarLine(TraceThread* thread, TracedCode* code, uint32_t line, uint64_t now);
// The same by a jump back on its line, between those bytes of the code.
void StartFarLineAgain(TraceThread* thread, TracedCode* code, uint32_t line, uint32_t from,
                       uint32_t to, uint64_t now);
// The frame on top was resumed at that byte of the code, on a line of which MaySearch.
void ResumeFarCode(TraceThread* thread, TracedCode* code, uint32_t instruction);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_FAR_CODE_H_
