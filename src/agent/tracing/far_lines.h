// What it costs on 3.12 and 3.13 that a line is far from where its code starts.
//
// For each code unit these versions keep how far its line is from a guess (the code's first line,
// and one more for each 16 units), in one byte. Where that does not fit, the line is looked up in
// the code's line table, whose entries are read from its start on: at each LINE event once for the
// line that starts, and once more for the unit that ran before, unless the line is known to be
// another (Python/instrumentation.c: compute_line_delta, compute_line,
// _Py_call_instrumentation_line). So lines at the end of a long script or function have events that
// take microseconds.
//
// What is searched is counted in bytes of the table, which tell its time better than entries do: of
// the standard library's long tables an entry takes 40 % more or less than on average, a byte 14 %
// less to 34 % more. So it is timed for each code object (far_code.h).
//
// 3.14 and newer keep as many bytes as the code needs: nothing is searched. THREAD: any.
#ifndef LINEPROF_AGENT_TRACING_FAR_LINES_H_
#define LINEPROF_AGENT_TRACING_FAR_LINES_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "pyruntime/line_table.h"

namespace lineprof {

// _PyCoLineInstrumentationData (Include/cpython/code.h): what the interpreter keeps of a code unit.
struct UnitLine {
  uint8_t original_opcode;  // 0: no line starts here
  int8_t delta;
};

// Of a code unit: what is searched, in bytes of the line table.
struct FarPlace {
  uint32_t here = 0;    // for its own line
  uint32_t inside = 0;  // from it to the end of its line's range, where that line might start again
  uint32_t end = 0;     // for the line of the last unit of that range
  bool compares = false;  // where a line starts here, that of the unit before is looked up too
  // Nothing is searched at starts of lines above this one. 0: something may be.
  uint32_t first_far_line = 0;

  bool operator==(const FarPlace&) const = default;
};

// A place of which nothing is known.
inline constexpr FarPlace kUnknownPlace;

// The first line that does not fit in the byte; 0 if all do.
uint32_t FirstFarLine(const LineTable& lines, uint32_t first_line);

// By code unit. `table` is what `lines` was decoded from.
std::vector<FarPlace> FarPlacesOf(const LineTable& lines, std::string_view table,
                                  uint32_t first_line, std::span<const UnitLine> units);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_FAR_LINES_H_
