// Throws bytes at the decoders of line tables, all three: ranges without gaps come out, and every
// instruction has a line.
//
// An input: a byte that chooses the format, four for the first line, the table.
#include <cstring>
#include <iterator>

#include "fuzz/fuzz_check.h"
#include "pyruntime/line_table.h"

namespace lineprof {
namespace {

void CheckRanges(const LineTable& table) {
  const std::vector<LineRange>& ranges = table.ranges();
  for (size_t i = 0; i < ranges.size(); ++i) {
    const LineRange& range = ranges[i];
    fuzz::Check(range.begin < range.end, "no range is empty");
    fuzz::Check(range.begin == (i == 0 ? 0 : ranges[i - 1].end), "there are no gaps");
    fuzz::Check(i == 0 || ranges[i - 1].line != range.line, "neighbours differ");
    if (range.begin > INT32_MAX) continue;
    const auto first = static_cast<int32_t>(range.begin);
    const uint32_t line = table.LineOf(first);
    fuzz::Check(range.line < 1 || line == static_cast<uint32_t>(range.line),
                "an instruction has the line of its range");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr LineTableFormat kFormats[] = {LineTableFormat::kLnotab, LineTableFormat::kPep626,
                                          LineTableFormat::kLocations};
  uint32_t first_line = 0;
  if (size < 1 + sizeof(first_line)) return 0;
  std::memcpy(&first_line, data + 1, sizeof(first_line));
  const size_t head = 1 + sizeof(first_line);
  const LineTable table(kFormats[data[0] % std::size(kFormats)],
                        fuzz::AsText(data + head, size - head), first_line);
  CheckRanges(table);
  for (const int32_t instruction : {INT32_MIN, -1, 0, 1, 1000, INT32_MAX}) {
    const uint32_t line = table.LineOf(instruction);
    fuzz::Check(instruction >= 0 || line == first_line, "before the first instruction: first line");
  }
  return 0;
}

}  // namespace lineprof
