// The Firefox Profiler's processed profile, for profiler.firefox.com: the samples of each thread in
// their order, by line. github.com/firefox-devtools/profiler: src/types/profile.ts;
// docs-developer/CHANGELOG-formats.md. Version 57, which newer readers upgrade.
//
//   report  = { "meta", "libs": [], "shared": { "stringArray": [ text... ] }, "threads": [
//   thread... ] } thread  = { "name", "pid", "tid", ..., "samples", "markers", "stackTable",
//   "frameTable",
//               "funcTable", "resourceTable", "nativeSymbols" }
//   samples = columns: "stack", "time" (ms), "weight" (ms), "threadCPUDelta" (ns)
//   stackTable = columns: "prefix", "frame" ;   frameTable = columns: "func", "line", "category"...
//
// A sample weighs the time that it stands for under the run's clock, so totals are the text
// report's. Frames of the category "Waiting" are the innermost ones of threads that waited. Names
// of functions are the first strings, those of files the ones after them. Times are after the run's
// start, and "startTime" is 0: the same profile gives the same bytes.

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "buffered_output.h"
#include "json_text.h"
#include "lineprof/key_ids.h"
#include "lineprof/report.h"

namespace lineprof {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint32_t kRunning = 0;  // categories
constexpr uint32_t kWaiting = 1;
constexpr double kNsPerMs = 1e6;

Json Meta(const Profile& profile) {
  const auto category = [](std::string_view name, std::string_view color) {
    return Json{{"name", name}, {"color", color}, {"subcategories", {"Other"}}};
  };
  return {{"interval", profile.period_s * 1000},
          {"startTime", 0},
          {"processType", 0},
          {"product", profile.command_line},
          {"stackwalk", 0},
          {"version", 31},
          {"preprocessedProfileVersion", 57},
          {"symbolicated", true},
          {"markerSchema", Json::array()},
          {"categories", {category("Python", "blue"), category("Waiting", "grey")}},
          {"sampleUnits", {{"time", "ms"}, {"eventDelay", "ms"}, {"threadCPUDelta", "ns"}}}};
}

// The frames and stacks that one thread's samples have.
class ThreadTables {
 public:
  explicit ThreadTables(const Profile& profile) : profile_(profile) {}

  // The stack's number in `stacks`.
  uint32_t Add(uint32_t node, uint32_t category) {
    const auto [found, is_new] = stack_of_.try_emplace(uint64_t{node} << 1 | category, 0);
    if (!is_new) return found->second;
    const StackNode& frame = profile_.stacks[node];
    const int64_t prefix = frame.parent == 0 ? -1 : Add(frame.parent, kRunning);
    const auto function = static_cast<uint32_t>(frame.function);
    functions.Add({function});
    stacks.push_back({prefix, frames.Add({function, frame.line, category})});
    const auto stack = static_cast<uint32_t>(stacks.size() - 1);
    stack_of_[uint64_t{node} << 1 | category] = stack;
    return stack;
  }

  struct Stack {
    int64_t prefix;  // -1: none
    uint32_t frame;
  };
  std::vector<Stack> stacks;
  KeyIds<3> frames;     // function, line, category
  KeyIds<1> functions;  // function

 private:
  const Profile& profile_;
  std::unordered_map<uint64_t, uint32_t> stack_of_;
};

class FirefoxReport {
 public:
  FirefoxReport(const Profile& profile, std::ostream& out) : profile_(profile), out_(out) {}

  void Write() {
    out_.Append("{\"meta\":");
    out_.Append(JsonText(Meta(profile_)));
    out_.Append(",\n\"libs\":[],\n\"shared\":{");
    WriteStrings();
    out_.Append("},\n\"threads\":[");
    std::string_view separator = "\n";
    for (const ThreadTimeline& thread : profile_.timeline) {
      out_.Append(separator);
      WriteThread(thread);
      separator = ",\n";
    }
    out_.Append("\n]}\n");
  }

 private:
  // Writes "name":[...] of what `text_of` makes of each value.
  template <typename Values, typename TextOf>
  void Column(std::string_view name, const Values& values, TextOf text_of) {
    out_.Print(FMT_COMPILE("\"{}\":["), name);
    bool is_first = true;
    for (const auto& value : values) {
      if (!is_first) out_.Append(',');
      out_.Append(text_of(value));
      is_first = false;
    }
    out_.Append(']');
  }

  // The same value for each.
  template <typename Values>
  void Constant(std::string_view name, const Values& values, std::string_view text) {
    Column(name, values, [text](const auto&) { return text; });
    out_.Append(',');
  }

  void Length(size_t length) { out_.Print(FMT_COMPILE("\"length\":{}}}"), length); }

  void WriteStrings() {
    std::vector<std::string_view> strings;
    for (const Function& function : profile_.functions) strings.push_back(function.qualified_name);
    for (const SourceFile& file : profile_.files) strings.push_back(file.name);
    Column("stringArray", strings, [](std::string_view text) { return JsonText(Json(text)); });
  }

  void WriteThread(const ThreadTimeline& thread) {
    const Process& process = profile_.processes[thread.process];
    const bool is_main = thread.thread == process.pid;
    Json head = {{"processType", "default"},
                 {"processStartupTime", process.start_s * 1000},
                 {"processShutdownTime", (process.start_s + process.duration_s) * 1000},
                 {"registerTime", process.start_s * 1000},
                 {"unregisterTime", nullptr},
                 {"pausedRanges", Json::array()},
                 {"name", is_main ? "main thread" : fmt::format("thread {}", thread.thread)},
                 {"processName", process.command_line},
                 {"isMainThread", is_main},
                 {"pid", std::to_string(process.pid)},
                 {"tid", thread.thread}};
    std::string text = JsonText(head);
    text.pop_back();  // the closing brace: its tables follow
    out_.Append(text);
    WriteSamples(thread);
  }

  void WriteSamples(const ThreadTimeline& thread) {
    ThreadTables tables(profile_);
    std::vector<uint32_t> stacks;
    std::vector<TimelineSample> samples;
    uint64_t last_ns = 0;
    for (TimelineSample sample : thread.samples) {
      if (sample.stack == 0) continue;
      sample.end_ns = last_ns = std::max(last_ns, sample.end_ns);  // readers want them in order
      samples.push_back(sample);
      stacks.push_back(tables.Add(sample.stack, sample.cpu_ns == 0 ? kWaiting : kRunning));
    }
    const auto ms = [](uint64_t ns) {
      return fmt::format("{}", static_cast<double>(ns) / kNsPerMs);
    };
    const auto number = [](uint64_t value) { return std::to_string(value); };
    out_.Append(",\n\"samples\":{");
    Column("stack", stacks, number);
    out_.Append(',');
    Column("time", samples, [&](const TimelineSample& sample) { return ms(sample.end_ns); });
    out_.Append(',');
    Column("weight", samples, [&](const TimelineSample& sample) {
      return ms(TimeNs({1, sample.cpu_ns, sample.wait_ns}, profile_.clock));
    });
    out_.Append(",\"weightType\":\"tracing-ms\",");
    Column("threadCPUDelta", samples,
           [&](const TimelineSample& sample) { return number(sample.cpu_ns); });
    out_.Append(',');
    Length(samples.size());
    WriteTables(tables);
  }

  void WriteTables(const ThreadTables& tables) {
    out_.Append(
        ",\n\"markers\":{\"data\":[],\"name\":[],\"startTime\":[],\"endTime\":[],"
        "\"phase\":[],\"category\":[],");
    Length(0);
    out_.Append(",\n\"stackTable\":{");
    Column("prefix", tables.stacks, [](const ThreadTables::Stack& stack) {
      return stack.prefix < 0 ? std::string("null") : std::to_string(stack.prefix);
    });
    out_.Append(',');
    Column("frame", tables.stacks,
           [](const ThreadTables::Stack& stack) { return std::to_string(stack.frame); });
    out_.Append(',');
    Length(tables.stacks.size());
    WriteFrames(tables);
    WriteFunctions(tables);
    out_.Append(",\n\"resourceTable\":{\"lib\":[],\"name\":[],\"host\":[],\"type\":[],");
    Length(0);
    out_.Append(
        ",\"nativeSymbols\":{\"libIndex\":[],\"address\":[],\"name\":[],"
        "\"functionSize\":[],");
    Length(0);
    out_.Append('}');
  }

  void WriteFrames(const ThreadTables& tables) {
    const std::vector<KeyIds<3>::Key>& frames = tables.frames.keys();
    std::unordered_map<uint32_t, uint32_t> index;  // of a function, in the thread's table
    for (const auto& key : tables.functions.keys()) {
      index.emplace(key[0], static_cast<uint32_t>(index.size()));
    }
    out_.Append(",\n\"frameTable\":{");
    Constant("address", frames, "-1");
    Constant("inlineDepth", frames, "0");
    Constant("subcategory", frames, "0");
    Constant("nativeSymbol", frames, "null");
    Constant("innerWindowID", frames, "0");
    Constant("column", frames, "null");
    Column("category", frames, [](const auto& key) { return std::to_string(key[2]); });
    out_.Append(',');
    Column("func", frames, [&](const auto& key) { return std::to_string(index.at(key[0])); });
    out_.Append(',');
    Column("line", frames, [](const auto& key) {
      return key[1] == 0 ? std::string("null") : std::to_string(key[1]);
    });
    out_.Append(',');
    Length(frames.size());
  }

  void WriteFunctions(const ThreadTables& tables) {
    const std::vector<KeyIds<1>::Key>& functions = tables.functions.keys();
    out_.Append(",\n\"funcTable\":{");
    Constant("isJS", functions, "false");
    Constant("relevantForJS", functions, "false");
    Constant("resource", functions, "-1");
    Constant("columnNumber", functions, "null");
    Column("name", functions, [](const auto& key) { return std::to_string(key[0]); });
    out_.Append(',');
    Column("fileName", functions, [&](const auto& key) {
      const auto file = static_cast<size_t>(profile_.functions[key[0]].file);
      return std::to_string(profile_.functions.size() + file);
    });
    out_.Append(',');
    Column("lineNumber", functions,
           [&](const auto& key) { return std::to_string(profile_.functions[key[0]].first_line); });
    out_.Append(',');
    Length(functions.size());
  }

  const Profile& profile_;
  BufferedOutput out_;
};

}  // namespace

void WriteFirefoxReport(const Profile& profile, const ReportOptions& /*options*/,
                        std::ostream& out) {
  FirefoxReport(profile, out).Write();
}

}  // namespace lineprof
