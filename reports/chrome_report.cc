// Chrome's trace events, for ui.perfetto.dev, chrome://tracing and speedscope: on a track for each
// thread, what it did when. docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
// ("Trace Event Format")
//
//   report = { "displayTimeUnit": "ms", "traceEvents": [ { name } { begin | end } ] }
//   name   = { "ph": "M", "name": "process_name" | "thread_name", "pid", "tid", "args": { "name" }
//   } begin  = { "ph": "B", "name", "cat", "pid", "tid", "ts": microseconds, "args" } end    = {
//   "ph": "E", "name", "pid", "tid", "ts" }
//
// A sample says what was on a thread's stack for a while; what neighbours have in common is one
// slice: of a function (cat "function"), and below the innermost one of its line, while the thread
// ran (cat "line") or waited (cat "wait"). Neighbours are samples less than a period apart.
//
// How long a sample was is exact, when it began is not: short waits are known by their sum. Where
// samples overlap, the later one is moved on to the end of the one before, until there is a gap. So
// slices of a thread nest, and add up to the text report's times. Of several hosts that have
// processes of the same id, all are numbered instead.

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "buffered_output.h"
#include "function_totals.h"
#include "json_text.h"
#include "lineprof/report.h"

namespace lineprof {
namespace {

using Json = nlohmann::ordered_json;

class ChromeReport {
 public:
  ChromeReport(const Profile& profile, std::ostream& out)
      : profile_(profile),
        out_(out),
        gap_ns_(static_cast<uint64_t>(std::llround(profile.period_s * 1e9))),
        are_pids_unique_(ArePidsUnique(profile)) {
    for (const Function& function : profile.functions) {
      names_.push_back(JsonText(function.qualified_name));
    }
  }

  void Write() {
    out_.Append("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[");
    for (uint32_t i = 0; i < profile_.processes.size(); i++) WriteProcessName(i);
    for (const ThreadTimeline& thread : profile_.timeline) WriteThread(thread);
    out_.Append("\n]}\n");
  }

 private:
  // What is open on a thread: functions, outermost first, and the line of the last one.
  struct Stack {
    std::vector<FunctionId> functions;
    uint32_t line = 0;
    bool waits = false;
  };

  static bool ArePidsUnique(const Profile& profile) {
    std::map<int64_t, std::string_view> labels;
    return std::all_of(profile.processes.begin(), profile.processes.end(), [&](const auto& each) {
      return labels.try_emplace(each.pid, each.label).first->second == each.label;
    });
  }

  int64_t Pid(uint32_t process) const {
    return are_pids_unique_ ? profile_.processes[process].pid : int64_t{process} + 1;
  }

  void BeginEvent() {
    out_.Append(is_first_ ? "\n" : ",\n");
    is_first_ = false;
  }

  void WriteName(std::string_view what, int64_t pid, int64_t tid, const std::string& name) {
    BeginEvent();
    out_.Append(JsonText(
        Json{{"ph", "M"}, {"name", what}, {"pid", pid}, {"tid", tid}, {"args", {{"name", name}}}}));
  }

  void WriteProcessName(uint32_t index) {
    const Process& process = profile_.processes[index];
    const std::string name =
        process.label.empty() ? process.command_line : process.label + ": " + process.command_line;
    WriteName("process_name", Pid(index), Pid(index), name);
  }

  void WriteThread(const ThreadTimeline& thread) {
    const Process& process = profile_.processes[thread.process];
    pid_ = Pid(thread.process);
    const bool is_main = thread.thread == process.pid;
    tid_ = is_main ? pid_ : thread.thread;
    WriteName("thread_name", pid_, tid_,
              is_main ? "main thread" : fmt::format("thread {}", thread.thread));
    uint64_t now_ns = 0;  // up to which slices are known
    for (const TimelineSample& sample : thread.samples) {
      const uint64_t time_ns = TimeNs({1, sample.cpu_ns, sample.wait_ns}, profile_.clock);
      if (time_ns == 0) continue;
      const uint64_t begin_ns = sample.end_ns - std::min(time_ns, sample.end_ns);
      if (begin_ns > now_ns + gap_ns_ || now_ns == 0) {
        Close(0, now_ns);
        now_ns = begin_ns;
      }
      Change(StackOf(sample), now_ns);
      now_ns += time_ns;
    }
    Close(0, now_ns);
  }

  Stack StackOf(const TimelineSample& sample) const {
    Stack stack;
    stack.line = profile_.stacks[sample.stack].line;
    stack.waits = sample.cpu_ns == 0;
    for (uint32_t node = sample.stack; node != 0; node = profile_.stacks[node].parent) {
      stack.functions.push_back(profile_.stacks[node].function);
    }
    std::reverse(stack.functions.begin(), stack.functions.end());
    return stack;
  }

  void Change(Stack next, uint64_t now_ns) {
    const auto common =
        static_cast<size_t>(std::mismatch(open_.functions.begin(), open_.functions.end(),
                                          next.functions.begin(), next.functions.end())
                                .first -
                            open_.functions.begin());
    const bool is_same = common == open_.functions.size() && common == next.functions.size() &&
                         open_.line == next.line && open_.waits == next.waits;
    if (is_same) return;
    Close(common, now_ns);
    for (size_t i = common; i < next.functions.size(); i++)
      BeginFunction(next.functions[i], now_ns);
    open_ = std::move(next);
    if (!open_.functions.empty()) BeginLine(now_ns);
  }

  // Ends the line's slice, and those of all but the outermost `keep` functions.
  void Close(size_t keep, uint64_t now_ns) {
    if (open_.functions.empty()) return;
    End(line_name_, now_ns);
    while (open_.functions.size() > keep) {
      End(names_[static_cast<size_t>(open_.functions.back())], now_ns);
      open_.functions.pop_back();
    }
  }

  void Begin(std::string_view name, std::string_view category, uint64_t now_ns) {
    BeginEvent();
    out_.Print(FMT_COMPILE("{{\"ph\":\"B\",\"name\":{},\"cat\":\"{}\",\"pid\":{},\"tid\":{},"
                           "\"ts\":{}.{:03}"),
               name, category, pid_, tid_, now_ns / 1000, now_ns % 1000);
  }

  void BeginFunction(FunctionId id, uint64_t now_ns) {
    const Function& function = profile_.functions[static_cast<size_t>(id)];
    Begin(names_[static_cast<size_t>(id)], "function", now_ns);
    out_.Print(FMT_COMPILE(",\"args\":{{\"file\":{},\"line\":{}}}}}"),
               JsonText(FileOf(profile_, id).name), function.first_line);
  }

  void BeginLine(uint64_t now_ns) {
    const SourceFile& file = FileOf(profile_, open_.functions.back());
    line_name_ = JsonText(fmt::format("{}:{}", file.name, open_.line));
    Begin(line_name_, open_.waits ? "wait" : "line", now_ns);
    const bool is_known = open_.line > 0 && open_.line <= file.source.lines.size();
    if (is_known) {
      out_.Print(FMT_COMPILE(",\"args\":{{\"source\":{}}}"),
                 JsonText(file.source.lines[open_.line - 1]));
    }
    out_.Append('}');
  }

  void End(std::string_view name, uint64_t now_ns) {
    BeginEvent();
    out_.Print(FMT_COMPILE("{{\"ph\":\"E\",\"name\":{},\"pid\":{},\"tid\":{},\"ts\":{}.{:03}}}"),
               name, pid_, tid_, now_ns / 1000, now_ns % 1000);
  }

  const Profile& profile_;
  BufferedOutput out_;
  const uint64_t gap_ns_;
  const bool are_pids_unique_;
  std::vector<std::string> names_;  // by FunctionId, as JSON
  bool is_first_ = true;
  int64_t pid_ = 0;  // of the current thread
  int64_t tid_ = 0;
  Stack open_;
  std::string line_name_;  // of the open line's slice, as JSON
};

}  // namespace

void WriteChromeReport(const Profile& profile, const ReportOptions& /*options*/,
                       std::ostream& out) {
  ChromeReport(profile, out).Write();
}

}  // namespace lineprof
