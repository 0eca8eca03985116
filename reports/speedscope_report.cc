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

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "buffered_output.h"
#include "function_totals.h"
#include "json_text.h"
#include "lineprof/report.h"
#include "stack_frames.h"

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
    for (const LineFrames::Frame& frame : frames_.all()) {
      const Function& function = profile_.functions[static_cast<size_t>(frame.function)];
      write(frame.function, function.qualified_name + ":" + std::to_string(frame.line), frame.line);
    }
  }

  void WriteLines() {
    std::vector<uint64_t> weights;
    for (const StackNode& node : profile_.stacks) {
      weights.push_back(TimeNs(node.self, profile_.clock));
    }
    if (!weights.empty()) weights[0] = 0;
    const auto first_frame = static_cast<uint32_t>(profile_.functions.size());
    std::vector<uint32_t> path;
    WriteProfile("Lines", weights, [&](uint32_t node) -> const std::vector<uint32_t>& {
      frames_.PathTo(node, path);
      for (uint32_t& frame : path) frame += first_frame;
      return path;
    });
  }

  void WriteFunctions() {
    const std::vector<FunctionNode> tree = FunctionTree(profile_).nodes;
    std::vector<uint64_t> weights;
    for (const FunctionNode& node : tree) weights.push_back(node.self_ns);
    std::vector<uint32_t> path;
    WriteProfile("Functions", weights, [&](uint32_t node) -> const std::vector<uint32_t>& {
      path.clear();
      for (; node != 0; node = tree[node].parent) {
        path.push_back(static_cast<uint32_t>(tree[node].function));
      }
      std::reverse(path.begin(), path.end());
      return path;
    });
  }

  // A sample for each node with a weight; `path_to` gives its frames.
  template <typename PathTo>
  void WriteProfile(std::string_view name, const std::vector<uint64_t>& weights, PathTo path_to) {
    uint64_t end = 0;
    for (uint64_t weight : weights) end += weight;
    out_.Print(FMT_COMPILE("{{\"type\":\"sampled\",\"name\":\"{}\",\"unit\":\"nanoseconds\","
                           "\"startValue\":0,\"endValue\":{},\n\"samples\":["),
               name, end);
    std::string_view separator = "\n";
    for (uint32_t node = 0; node < weights.size(); node++) {
      if (weights[node] == 0) continue;
      out_.Append(separator);
      WriteList(path_to(node));
      separator = ",\n";
    }
    out_.Append("],\n\"weights\":[");
    separator = "";
    for (uint64_t weight : weights) {
      if (weight == 0) continue;
      out_.Append(separator);
      out_.AppendNumber(weight);
      separator = ",";
    }
    out_.Append("]}");
  }

  void WriteList(const std::vector<uint32_t>& numbers) {
    char separator = '[';
    for (uint32_t number : numbers) {
      out_.Append(separator);
      out_.AppendNumber(number);
      separator = ',';
    }
    out_.Append(']');
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
