// The whole profile as JSON (RFC 8259), for programs: every figure that any other format has, as
// integers where the profile has integers. JSON.md describes it field by field.
//
//   report = { "format": "lineprof", "version": 1, "run", "losses", "processes", "threads",
//              "notes", "files", "functions", "stacks", "counts" }
//
// `version` grows when a field changes its meaning or goes; new fields may come without. A record
// stands on a line of its own; the stack tree is columns, because it is large.

#include <string_view>
#include <vector>

#include "buffered_output.h"
#include "function_totals.h"
#include "json_text.h"
#include "lineprof/report.h"

namespace lineprof {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;

Json ToJson(const Cost& cost) {
  return {{"hits", cost.hits}, {"cpu_ns", cost.cpu_ns}, {"wait_ns", cost.wait_ns}};
}

Json ToJson(const std::vector<CallCost>& calls) {
  Json list = Json::array();
  for (const CallCost& call : calls) {
    list.push_back(
        {{"callee", static_cast<uint32_t>(call.callee)}, {"inclusive", ToJson(call.inclusive)}});
  }
  return list;
}

Json ToJson(const LineCost& line) {
  return {{"line", line.line}, {"self", ToJson(line.self)}, {"calls", ToJson(line.calls)}};
}

Json ToJson(const SourceText& source) {
  const bool is_read = source.state == SourceText::State::kRead;
  return {{"state", is_read ? "read" : "missing"}, {"note", source.note}, {"lines", source.lines}};
}

Json ToJson(const SourceFile& file) {
  Json lines = Json::array();
  for (const LineCost& line : file.lines) lines.push_back(ToJson(line));
  return {{"name", file.name}, {"lines", lines}, {"source", ToJson(file.source)}};
}

std::string_view FateName(ProcessFate fate) {
  switch (fate) {
    case ProcessFate::kExit:
      return "exit";
    case ProcessFate::kSignal:
      return "signal";
    case ProcessFate::kRunning:
      return "running";
    case ProcessFate::kExec:
      return "exec";
    case ProcessFate::kUnknown:
      break;
  }
  return "unknown";
}

Json ToJson(const Process& process) {
  return {{"pid", process.pid},
          {"parent_pid", process.parent_pid},
          {"command_line", process.command_line},
          {"python_version", process.python_version},
          {"timer", process.timer},
          {"start_s", process.start_s},
          {"duration_s", process.duration_s},
          {"paused_s", process.paused_s},
          {"cpu_s", process.cpu_s},
          {"wait_s", process.wait_s},
          {"gil_wait_s", process.gil_wait_s},
          {"threads", process.threads},
          {"samples", process.samples},
          {"ended", process.ended},
          {"end", FateName(process.fate)},
          {"end_value", process.fate_value}};
}

Json ToJson(const Thread& thread) {
  return {{"pid", thread.pid},
          {"tid", thread.tid},
          {"name", thread.name},
          {"duration_s", thread.duration_s},
          {"cpu_s", thread.cpu_s},
          {"wait_s", thread.wait_s},
          {"gil_wait_s", thread.gil_wait_s},
          {"ended", thread.ended}};
}

Json ToJson(const MergedThreads& threads) {
  return {{"count", threads.count},
          {"cpu_s", threads.cpu_s},
          {"wait_s", threads.wait_s},
          {"gil_wait_s", threads.gil_wait_s}};
}

Json RunToJson(const Profile& profile) {
  const bool is_counted = profile.mode == Mode::kDeterministic;
  return {{"command_line", profile.command_line},
          {"mode", is_counted ? "deterministic" : "statistical"},
          {"clock", profile.clock == Clock::kCpu ? "cpu" : "wall"},
          {"period_s", profile.period_s},
          {"delivered_hz", profile.delivered_hz},
          {"duration_s", profile.duration_s},
          {"cpu_samples", profile.cpu_samples},
          {"wait_samples", profile.wait_samples},
          {"gil_wait_s", profile.gil_wait_known ? Json(profile.gil_wait_s) : Json(nullptr)},
          {"unsampled_cpu_s", profile.unsampled_cpu_s},
          {"events", profile.events},
          {"event_cost_ns", profile.event_cost_ns},
          {"merged_threads", ToJson(profile.merged_threads)}};
}

class JsonReport {
 public:
  JsonReport(const Profile& profile, std::ostream& out) : profile_(profile), out_(out) {}

  void Write() {
    out_.Print(FMT_COMPILE("{{\"format\":\"lineprof\",\"version\":{},\n\"run\":"), kVersion);
    out_.Append(JsonText(RunToJson(profile_)));
    List("losses", profile_.losses, [](const Loss& loss) {
      return Json{{"reason", loss.reason}, {"samples", loss.samples}};
    });
    List("processes", profile_.processes, [](const Process& process) { return ToJson(process); });
    List("threads", profile_.threads, [](const Thread& thread) { return ToJson(thread); });
    List("notes", profile_.notes, [](const std::string& note) { return Json(note); });
    List("files", profile_.files, [](const SourceFile& file) { return ToJson(file); });
    WriteFunctions();
    WriteStacks();
    List("counts", profile_.counts, [](const FunctionLine& line) {
      return Json{{"function", static_cast<uint32_t>(line.function)},
                  {"line", line.line},
                  {"self", ToJson(line.self)},
                  {"calls", ToJson(line.calls)}};
    });
    out_.Append("}\n");
  }

 private:
  template <typename Values, typename ValueToJson>
  void List(std::string_view name, const Values& values, ValueToJson to_json) {
    out_.Print(FMT_COMPILE(",\n\"{}\":["), name);
    std::string_view separator = "\n";
    for (const auto& value : values) {
      out_.Append(separator);
      out_.Append(JsonText(to_json(value)));
      separator = ",\n";
    }
    out_.Append(']');
  }

  void WriteFunctions() {
    const std::vector<FunctionTotal> totals = AddUpFunctions(profile_);
    auto total = totals.begin();
    List("functions", profile_.functions, [&total](const Function& function) {
      Json json = {{"file", static_cast<uint32_t>(function.file)},
                   {"first_line", function.first_line},
                   {"name", function.name},
                   {"qualified_name", function.qualified_name},
                   {"self", ToJson(total->self)},
                   {"inclusive", ToJson(total->inclusive)},
                   {"primitive_calls", total->primitive_calls}};
      ++total;
      return json;
    });
  }

  void WriteStacks() {
    out_.Append(",\n\"stacks\":{");
    Column("parent", "", [](const StackNode& node) { return node.parent; });
    Column("function", ",",
           [](const StackNode& node) { return static_cast<uint32_t>(node.function); });
    Column("line", ",", [](const StackNode& node) { return node.line; });
    WriteCallees();
    Column("hits", ",", [](const StackNode& node) { return node.self.hits; });
    Column("cpu_ns", ",", [](const StackNode& node) { return node.self.cpu_ns; });
    Column("wait_ns", ",", [](const StackNode& node) { return node.self.wait_ns; });
    out_.Append("\n}");
  }

  template <typename Field>
  void Column(std::string_view name, std::string_view before, Field field) {
    out_.Print(FMT_COMPILE("{}\n\"{}\":"), before, name);
    char separator = '[';
    if (profile_.stacks.empty()) out_.Append('[');
    for (const StackNode& node : profile_.stacks) {
      out_.Append(separator);
      out_.AppendNumber(field(node));
      separator = ',';
    }
    out_.Append(']');
  }

  // -1 where nothing is called.
  void WriteCallees() {
    out_.Append(",\n\"callee\":");
    char separator = '[';
    if (profile_.stacks.empty()) out_.Append('[');
    for (const StackNode& node : profile_.stacks) {
      out_.Append(separator);
      if (node.callee == kNoFunction) {
        out_.Append("-1");
      } else {
        out_.AppendNumber(static_cast<uint32_t>(node.callee));
      }
      separator = ',';
    }
    out_.Append(']');
  }

  const Profile& profile_;
  BufferedOutput out_;
};

}  // namespace

void WriteJsonReport(const Profile& profile, const ReportOptions& /*options*/, std::ostream& out) {
  JsonReport(profile, out).Write();
}

}  // namespace lineprof
