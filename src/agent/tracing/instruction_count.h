// How many instructions a line has from a given one on: what a traced line costs before 3.12.
//
// There a traced frame takes longer for every instruction, not just at the start of a line (the
// interpreter looks each time whether a line begins). How many a line will run is not known before,
// but those in its range of the line table are a good guess: jumps within a line are rare.
// THREAD: any.
#ifndef LINEPROF_AGENT_TRACING_INSTRUCTION_COUNT_H_
#define LINEPROF_AGENT_TRACING_INSTRUCTION_COUNT_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "pyruntime/line_table.h"

namespace lineprof {

// By code unit of `code` (co_code's bytes): the instructions from there to the end of the range of
// its line, or to where the flow ends before that (a jump back, a return). `table` is what `lines`
// was decoded from; in its third format an entry stands for an instruction with its caches, in the
// others a unit is an instruction.
std::vector<uint16_t> InstructionsLeft(const LineTable& lines, LineTableFormat format,
                                       std::string_view table, std::string_view code);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_INSTRUCTION_COUNT_H_
