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
#include "lineprof/one_line.h"
#include "lineprof/report.h"
#include "stack_frames.h"
#include "stack_text.h"
#include "stack_tree.h"

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

std::string FrameText(const Profile& profile, const LineFrame& frame) {
  const Function& function = profile.functions[static_cast<size_t>(frame.function)];
  return Clean(function.qualified_name, false) + " (" +
         Clean(FileOf(profile, frame.function).name, true) + ":" + std::to_string(frame.line) + ")";
}

}  // namespace

void WriteCollapsedReport(const Profile& profile, const ReportOptions& /*options*/,
                          std::ostream& stream) {
  const LineFrames frames(profile);
  std::vector<std::string> texts;
  for (const LineFrame& frame : frames.frames) texts.push_back(FrameText(profile, frame));
  BufferedOutput out(stream);
  StackText stack(';');
  Preorder(profile.stacks).ForEach([&](uint32_t node, uint32_t depth) {
    stack.Put(depth, texts[frames.frame_of[node]]);
    const uint64_t time_ns = TimeNs(profile.stacks[node].self, profile.clock);
    if (time_ns == 0) return;
    out.Append(stack.text());
    out.Append(' ');
    out.AppendNumber(time_ns);
    out.Append('\n');
  });
}

}  // namespace lineprof
