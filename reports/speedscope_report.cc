// speedscope's file format, for speedscope.app and the viewers that read it.
// github.com/jlfwong/speedscope: src/lib/file-format-spec.ts; schema:
// www.speedscope.app/file-format-schema.json
//
//   report  = { "$schema", "exporter": "lineprof", "name", "activeProfileIndex": 0,
//               "shared": { "frames": [ frame... ] }, "profiles": [ lines, functions ] }
//   frame   = { "name", "file", "line" }                       no "line" where none is known
//   profile = { "type": "sampled", "name", "unit": "nanoseconds", "startValue": 0, "endValue",
//               "samples": [ [ frame index, outermost first ]... ], "weights": [ ns... ] }
//
// One profile by line, whose frames are named "function:line", and one by function, for the
// sandwich view: readers add up by frame, and a frame is a name, file and line. Weights are own
// time under the run's clock; stacks without any are left out.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "buffered_output.h"
#include "function_totals.h"
#include "json_text.h"
#include "lineprof/report.h"
#include "stack_frames.h"
#include "stack_text.h"
#include "stack_tree.h"

namespace lineprof {
namespace {

using Json = nlohmann::ordered_json;

class SpeedscopeReport {
 public:
  SpeedscopeReport(const Profile& profile, std::ostream& out)
      : profile_(profile), out_(out), frames_(profile) {}

  void Write() {
    out_.Append("{\"$schema\":\"https://www.speedscope.app/file-format-schema.json\",\n");
    out_.Append("\"exporter\":\"lineprof\",\"name\":");
    out_.Append(JsonText(profile_.command_line));
    out_.Append(",\"activeProfileIndex\":0,\n\"shared\":{\"frames\":[");
    WriteFrames();
    out_.Append("\n]},\n\"profiles\":[\n");
    WriteLines();
    out_.Append(",\n");
    WriteFunctions();
    out_.Append("\n]}\n");
  }

 private:
  // Those of functions, by FunctionId, then those of lines.
  void WriteFrames() {
    std::string_view separator = "\n";
    const auto write = [&](FunctionId id, const std::string& name, uint32_t line) {
      Json frame = {{"name", name}, {"file", FileOf(profile_, id).name}};
      if (line > 0) frame["line"] = line;
      out_.Append(separator);
      out_.Append(JsonText(frame));
      separator = ",\n";
    };
    for (uint32_t i = 0; i < profile_.functions.size(); i++) {
      const Function& function = profile_.functions[i];
      write(FunctionId{i}, function.qualified_name, function.first_line);
    }
    for (const LineFrame& frame : frames_.frames) {
      const Function& function = profile_.functions[static_cast<size_t>(frame.function)];
      write(frame.function, function.qualified_name + ":" + std::to_string(frame.line), frame.line);
    }
  }

  void WriteLines() {
    const auto first_frame = static_cast<uint32_t>(profile_.functions.size());
    WriteProfile(
        "Lines", profile_.stacks,
        [&](uint32_t node) { return first_frame + frames_.frame_of[node]; },
        [&](uint32_t node) { return TimeNs(profile_.stacks[node].self, profile_.clock); });
  }

  void WriteFunctions() {
    const std::vector<FunctionNode> nodes = FunctionTree(profile_).nodes;
    WriteProfile(
        "Functions", nodes,
        [&](uint32_t node) { return static_cast<uint32_t>(nodes[node].function); },
        [&](uint32_t node) { return nodes[node].self_ns; });
  }

  // A sample for each node with a weight. `frame_of` and `weight_of` tell of a node.
  template <typename Nodes, typename FrameOf, typename WeightOf>
  void WriteProfile(std::string_view name, const Nodes& nodes, FrameOf frame_of,
                    WeightOf weight_of) {
    const Preorder preorder(nodes);
    uint64_t end = 0;
    for (uint32_t node = 1; node < nodes.size(); node++) end += weight_of(node);
    out_.Print(FMT_COMPILE("{{\"type\":\"sampled\",\"name\":\"{}\",\"unit\":\"nanoseconds\","
                           "\"startValue\":0,\"endValue\":{},\n\"samples\":["),
               name, end);
    StackText stack(',');
    std::string_view separator = "\n[";
    preorder.ForEach([&](uint32_t node, uint32_t depth) {
      const fmt::format_int frame(frame_of(node));
      stack.Put(depth, {frame.data(), frame.size()});
      if (weight_of(node) == 0) return;
      out_.Append(separator);
      out_.Append(stack.text());
      out_.Append(']');
      separator = ",\n[";
    });
    out_.Append("],\n\"weights\":[");
    separator = "";
    preorder.ForEach([&](uint32_t node, uint32_t /*depth*/) {
      if (weight_of(node) == 0) return;
      out_.Append(separator);
      out_.AppendNumber(weight_of(node));
      separator = ",";
    });
    out_.Append("]}");
  }

  const Profile& profile_;
  BufferedOutput out_;
  const LineFrames frames_;
};

}  // namespace

void WriteSpeedscopeReport(const Profile& profile, const ReportOptions& /*options*/,
                           std::ostream& out) {
  SpeedscopeReport(profile, out).Write();
}

}  // namespace lineprof
