// What the place of an instruction adds to the cost of its line's event, before 3.12.
//
// There a traced frame takes longer for every instruction, not just at the start of a line (the
// interpreter looks each time whether a line begins). How many a line will run is not known before,
// but those in its range of the line table are a good guess: jumps within a line are rare.
//
// 3.8 and 3.9 also search the line table from its start whenever another line is entered
// (_PyCode_CheckLineNumber in Objects/codeobject.c), so lines far down in a function cost more.
// THREAD: any.
#ifndef LINEPROF_AGENT_TRACING_UNIT_COST_H_
#define LINEPROF_AGENT_TRACING_UNIT_COST_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "pyruntime/line_table.h"

namespace lineprof {

struct UnitCost {
  // From there to the end of the range of its line, or to where the flow ends before that (a jump
  // back, a return).
  uint16_t instructions = 0;
  uint16_t searched = 0;  // entries of the line table until its line is found; 0 from 3.10 on

  bool operator==(const UnitCost&) const = default;
};

// By code unit of `code` (co_code's bytes). `table` is what `lines` was decoded from; in its third
// format an entry stands for an instruction with its caches, in the others a unit is an
// instruction.
std::vector<UnitCost> UnitCostsOf(const LineTable& lines, LineTableFormat format,
                                  std::string_view table, std::string_view code);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_UNIT_COST_H_
