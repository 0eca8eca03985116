// From an instruction of a code object to its source line, exactly as the interpreter does it.
//
// Three encodings: co_lnotab (3.8, 3.9; Objects/lnotab_notes.txt of 3.8), the pairs of 3.10's
// co_linetable (PEP 626; Objects/lnotab_notes.txt of 3.10), and the location entries of 3.11+
// (Objects/locations.md). Each is a sequence of ranges of instructions with a line, or none. An
// instruction without a line belongs, here, to the line of the range before it in the same code
// object (or the first line, if there is none before): the machine spent time there, and the place
// it came from is where a reader looks for it. The same goes for a line below 1, which no file has
// (3.11+ give line 0 to the instruction that starts a module).
//
// Columns are skipped. Neither the code nor the instructions themselves are looked at.
//
// Host side: not SIGNAL-SAFE (allocates). THREAD: any.
#ifndef LINEPROF_PYRUNTIME_LINE_TABLE_H_
#define LINEPROF_PYRUNTIME_LINE_TABLE_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "recording/recording.h"

namespace lineprof {

struct LineRange {
  uint32_t begin = 0;  // byte offset of the first instruction
  uint32_t end = 0;    // one past the last
  int32_t line = 0;    // kNoLine: the table gives none
  static constexpr int32_t kNoLine = -1;
  friend bool operator==(const LineRange&, const LineRange&) = default;
};

class LineTable {
 public:
  // Decodes `table`, which need not outlive the call. A truncated or damaged table gives the ranges
  // before the damage. kLnotab does not tell where the last range ends: its `end` is UINT32_MAX.
  LineTable(LineTableFormat format, std::string_view table, uint32_t first_line);

  // The line of the instruction at byte offset `instruction`, which may be inside an instruction;
  // the first line for a negative offset (a frame before its first instruction) and for an offset
  // that the table does not cover. O(log ranges).
  uint32_t LineOf(int32_t instruction) const;

  // The ranges as the table gives them, from offset 0 without gaps, kNoLine where it says so.
  // Neighbours with the same line are one range, as co_lines() has it.
  const std::vector<LineRange>& ranges() const { return ranges_; }

 private:
  std::vector<LineRange> ranges_;
  uint32_t first_line_;
};

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_LINE_TABLE_H_
