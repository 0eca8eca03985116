// The text report: pprofile's annotated source, which people grep. One record a line, UTF-8:
//
//   report = { header } { file } ;
//   header = name ": " value ;
//   file   = "File: " name, "File duration: " seconds "s (" percent "%)", [ "File note: " text ],
//            column titles, rule, { line { call } } ;
//   line   = number "|" hits "|" seconds "|" seconds per hit "|" percent "%|" source text ;
//   call   = "(call)|" hits "|" seconds "|" seconds per hit "|" percent "%|# " file ":" line " "
//   name ;
//
// Numbers are right-aligned in columns of fixed width and grow beyond them when they must; %g is
// C's. A line's own time comes without the Python functions it calls; a call's is inclusive.

#include <fmt/compile.h>
#include <fmt/format.h>

#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "annotate.h"
#include "lineprof/report.h"

namespace lineprof {

namespace {

constexpr double kNsPerSecond = 1e9;

constexpr std::string_view kTableHeader =
    "Line #|      Hits|         Time| Time per hit|      %|Source code\n"
    "------+----------+-------------+-------------+-------+-----------\n";

// What stands between the line number and the text of a line that nothing was seen on. Most lines
// of most files are such lines.
constexpr std::string_view kNothingSeen = "|         0|            0|            0|  0.00%|";

// Nothing may break the rule that a record is a line.
std::string OneLine(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += c;
    }
  }
  return out;
}

// Writes through a buffer: formatting into a stream costs several times as much.
class TextReport {
 public:
  TextReport(const Profile& profile, std::ostream& out) : profile_(profile), out_(out) {}

  void Write() {
    Header("Command line", OneLine(profile_.command_line));
    HeaderSeconds("Total duration", profile_.duration_s);
    if (profile_.mode == Mode::kDeterministic) {
      WriteEvents();
    } else {
      WriteRate();
      WriteSamples();
      WriteTimes();
    }
    WriteProcesses();
    for (const std::string& note : profile_.notes) Header("Note", OneLine(note));
    for (const SourceFile& file : profile_.files) {
      if (!file.lines.empty()) WriteFile(file);
    }
    Flush();
  }

 private:
  static constexpr size_t kFlushAt = size_t{1} << 16;

  template <typename Format, typename... Values>
  void Print(const Format& format, const Values&... values) {
    fmt::format_to(std::back_inserter(buffer_), format, values...);
  }
  void Append(std::string_view text) { buffer_.append(text.data(), text.data() + text.size()); }

  void Flush() {
    out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
    buffer_.clear();
  }

  void Header(std::string_view name, std::string_view value) {
    Print(FMT_COMPILE("{}: {}\n"), name, value);
  }
  void Header(std::string_view name, uint64_t value) {
    Print(FMT_COMPILE("{}: {}\n"), name, value);
  }
  void HeaderSeconds(std::string_view name, double seconds) {
    Print(FMT_COMPILE("{}: {:g}s\n"), name, seconds);
  }

  void WriteEvents() {
    Header("Mode", "deterministic");
    Header("Events", profile_.events);
    Print(FMT_COMPILE("Event cost: {:.1f} ns\n"), profile_.event_cost_ns);
    HeaderSeconds("GIL waiting time", profile_.gil_wait_s);
  }

  void WriteRate() {
    Header("Mode", "statistical");
    Header("Clock", profile_.clock == Clock::kCpu ? "cpu" : "wall");
    HeaderSeconds("Period", profile_.period_s);
    double asked_hz = profile_.period_s > 0 ? 1 / profile_.period_s : 0;
    Print(FMT_COMPILE("Rate asked: {:g} Hz\n"), asked_hz);
    Print(FMT_COMPILE("Rate delivered: {:.1f} Hz\n"), profile_.delivered_hz);
  }

  void WriteSamples() {
    Header("Samples", profile_.cpu_samples + profile_.wait_samples);
    Header("Samples on CPU", profile_.cpu_samples);
    Header("Samples waiting", profile_.wait_samples);
    uint64_t lost = 0;
    for (const Loss& loss : profile_.losses) lost += loss.samples;
    Header("Lost samples", lost);
    for (const Loss& loss : profile_.losses) {
      Header(fmt::format("Samples lost ({})", OneLine(loss.reason)), loss.samples);
    }
  }

  void WriteTimes() {
    double cpu_s = 0;
    double wait_s = 0;
    for (const Process& process : profile_.processes) {
      cpu_s += process.cpu_s;
      wait_s += process.wait_s;
    }
    HeaderSeconds("CPU time", cpu_s);
    HeaderSeconds("Waiting time", wait_s);
    constexpr double kWorthNaming = 0.005;
    if (profile_.unsampled_cpu_s > kWorthNaming * cpu_s) {
      HeaderSeconds("Unsampled CPU time", profile_.unsampled_cpu_s);
    }
  }

  void WriteProcesses() {
    uint64_t threads = 0;
    for (const Process& process : profile_.processes) threads += process.threads;
    Header("Processes", profile_.processes.size());
    Header("Threads", threads);
    HeaderList("Python", &Process::python_version);
    HeaderList(profile_.mode == Mode::kDeterministic ? "Clock" : "Timer", &Process::timer);
  }

  // The different values that the processes have there, if any is known.
  void HeaderList(std::string_view name, std::string Process::*field) {
    std::set<std::string> values;
    for (const Process& process : profile_.processes) {
      if (!(process.*field).empty()) values.insert(OneLine(process.*field));
    }
    if (!values.empty()) Header(name, fmt::format("{}", fmt::join(values, ", ")));
  }

  double Percent(double seconds) const {
    return profile_.duration_s > 0 ? 100 * seconds / profile_.duration_s : 0;
  }

  double Seconds(const Cost& cost) const {
    return static_cast<double>(TimeNs(cost, profile_.clock)) / kNsPerSecond;
  }

  void WriteFile(const SourceFile& file) {
    double seconds = Seconds(SelfCost(file));
    Header("File", OneLine(file.name));
    Print(FMT_COMPILE("File duration: {:g}s ({:.2f}%)\n"), seconds, Percent(seconds));
    if (!file.source.note.empty()) Header("File note", OneLine(file.source.note));
    Append(kTableHeader);
    VisitLines(file, [this](const AnnotatedLine& line) { WriteLine(line); });
  }

  void WriteLine(const AnnotatedLine& line) {
    Print(FMT_COMPILE("{:6}"), line.number);
    if (line.cost != nullptr) {
      WriteCost(line.cost->self);
    } else {
      Append(kNothingSeen);
    }
    Append(line.text);
    buffer_.push_back('\n');
    if (line.cost != nullptr) {
      for (const CallCost& call : line.cost->calls) WriteCall(call);
    }
    if (buffer_.size() >= kFlushAt) Flush();
  }

  void WriteCall(const CallCost& call) {
    const Function& callee = profile_.functions[static_cast<size_t>(call.callee)];
    const SourceFile& file = profile_.files[static_cast<size_t>(callee.file)];
    Append("(call)");
    WriteCost(call.inclusive);
    Print(FMT_COMPILE("# {}:{} {}\n"), OneLine(file.name), callee.first_line, OneLine(callee.name));
  }

  void WriteCost(const Cost& cost) {
    double seconds = Seconds(cost);
    double per_hit = cost.hits > 0 ? seconds / static_cast<double>(cost.hits) : 0;
    Print(FMT_COMPILE("|{:10}|{:13g}|{:13g}|{:6.2f}%|"), cost.hits, seconds, per_hit,
          Percent(seconds));
  }

  const Profile& profile_;
  std::ostream& out_;
  fmt::memory_buffer buffer_;
};

}  // namespace

void WriteTextReport(const Profile& profile, std::ostream& out) {
  TextReport(profile, out).Write();
}

}  // namespace lineprof
