// Collapsed stacks, for flamegraph.pl, inferno, speedscope, gprof2dot and the Firefox profiler: a
// stack a line, outermost frame first (github.com/brendangregg/FlameGraph, stackcollapse.pl).
//
//   report = { frame { ";" frame } " " nanoseconds "\n" } ;
//   frame  = function " (" file ":" line ")" ;
//
// The line is the one that runs or calls. The number is the stack's own time under the run's clock
// (`flamegraph.pl --countname ns`); stacks without any are left out. Names hold no ";" (":" stands
// for it) and no line end (\n, \r), functions no blank ("_"): readers split there. A stack may come
// more than once, as readers expect: they add up.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "buffered_output.h"
#include "function_totals.h"
#include "lineprof/report.h"
#include "one_line.h"
#include "stack_frames.h"

namespace lineprof {
namespace {

std::string Clean(std::string_view name, bool may_have_blanks) {
  std::string out = OneLine(name);
  for (char& c : out) {
    if (c == ';') c = ':';
    if (c == ' ' && !may_have_blanks) c = '_';
  }
  return out;
}

std::string FrameText(const Profile& profile, const LineFrames::Frame& frame) {
  const Function& function = profile.functions[static_cast<size_t>(frame.function)];
  return Clean(function.qualified_name, false) + " (" +
         Clean(FileOf(profile, frame.function).name, true) + ":" + std::to_string(frame.line) + ")";
}

}  // namespace

void WriteCollapsedReport(const Profile& profile, const ReportOptions& /*options*/,
                          std::ostream& stream) {
  const LineFrames frames(profile);
  std::vector<std::string> texts;
  for (const LineFrames::Frame& frame : frames.all()) texts.push_back(FrameText(profile, frame));
  BufferedOutput out(stream);
  std::vector<uint32_t> path;
  for (uint32_t node = 1; node < profile.stacks.size(); node++) {
    const uint64_t time_ns = TimeNs(profile.stacks[node].self, profile.clock);
    if (time_ns == 0) continue;
    frames.PathTo(node, path);
    std::string_view separator;
    for (uint32_t frame : path) {
      out.Append(separator);
      out.Append(texts[frame]);
      separator = ";";
    }
    out.Append(' ');
    out.AppendNumber(time_ns);
    out.Append('\n');
  }
}

}  // namespace lineprof
