#include "support/golden_cases.h"

#include <array>
#include <string>
#include <vector>

#include "profile/profile_builder.h"
#include "profile/source_cache.h"
#include "support/golden.h"
#include "support/recording_builder.h"

namespace lineprof::test {
namespace {

// Builds as for a user who stands in the case's folder.
Profile BuildIn(const std::string& folder, const std::vector<Recording>& recordings,
                BuildOptions options = {}) {
  options.command_line = "main.py --size '10 000'";
  options.period_s = 0.001;
  SourceCache sources(UINT64_MAX);  // a fresh checkout's files are no younger than the run
  const RunRecordings run{recordings, GoldenPath(folder), ""};
  return BuildProfile({&run, 1}, Selection(), sources, options);
}

RecordingBuilder ProcessIn(const std::string& folder) {
  RecordingBuilder builder;
  builder.recording().working_directory = GoldenPath(folder);
  return builder;
}

// The example of the format's description: no recording behind it.
Profile Nested() {
  Profile profile;
  profile.command_line = "nested.py";
  profile.period_s = 0.001;
  profile.delivered_hz = 1000;
  profile.duration_s = 0.0157327;
  profile.cpu_samples = 8;
  profile.processes.resize(1);
  profile.processes[0].python_version = "3.11.7";
  profile.processes[0].timer = "perf cpu-clock";
  profile.processes[0].threads = 1;
  profile.processes[0].cpu_s = 0.0157;
  SourceFile file;
  file.name = "nested.py";
  file.source = DecodeSource(ReadTestFile(GoldenPath("nested/nested.py")));
  file.lines = {{1, {6, 22'411, 0}, {}}, {7, {2, 18'835, 0}, {{FunctionId{0}, {2, 7'200'960, 0}}}}};
  profile.files = {file};
  profile.functions = {{FileId{0}, "leaf", "leaf", 1}, {FileId{0}, "caller", "caller", 5}};
  // The rows are the document's, of which no one run has all figures; own costs are the same.
  profile.stacks = {{},
                    {0, FunctionId{1}, 7, FunctionId{0}, {}},
                    {1, FunctionId{0}, 1, kNoFunction, {6, 22'411, 0}},
                    {0, FunctionId{1}, 7, kNoFunction, {2, 18'835, 0}}};
  return profile;
}

// Recursion, two processes, a refused one, library code, losses, notes.
Profile Processes() {
  const std::string folder = "processes";
  RecordingBuilder parent = ProcessIn(folder);
  uint32_t module = parent.AddCode("main.py", "<module>", 1, 17);
  uint32_t fib = parent.AddCode("main.py", "fib", 5, 8);
  uint32_t main = parent.AddCode("main.py", "main", 11, 13);
  parent.KeepTimeline(100);
  uint32_t spawn = parent.AddCode("/usr/lib/python3.11/subprocess.py", "run", 500, 560);
  parent.AddSamples({{module, 17}, {main, 12}, {fib, 8}, {fib, 8, true}, {fib, 6}}, 600);
  parent.AddSamples({{module, 17}, {main, 12}, {fib, 7}}, 200);
  parent.KeepTimeline(105);
  parent.AddSamples({{module, 17}, {main, 13}, {spawn, 550}}, 10, 180);
  parent.recording().library_directories = {"/usr/lib/python3.11"};
  parent.recording().losses = {{"stack too deep", 3}};

  RecordingBuilder child = ProcessIn(folder);
  module = child.AddCode("worker.py", "<module>", 1, 9);
  uint32_t work = child.AddCode("worker.py", "work", 4, 6);
  uint32_t child_fib = child.AddCode("main.py", "fib", 5, 8);
  child.KeepTimeline(101);
  child.AddSamples({{module, 9}, {work, 5}, {child_fib, 6}}, 100);
  child.AddSamples({{module, 9}, {work, 6}}, 50);
  child.recording().pid = 101;
  child.recording().start_monotonic_ns += 800'000'000;
  child.recording().python_version = "3.12.4";
  child.recording().timer = "monotonic timer";
  child.recording().thread_cpu_ns += 20'000'000;
  child.recording().losses = {{"stack too deep", 1}, {"no frame", 2}};
  parent.recording().end_kind = EndKind::kExit;
  parent.recording().end_value = 1;
  parent.recording().gil_wait_ns = 50'000'000;
  parent.recording().thread_list = {
      {100, "MainThread", 0, 1'000'000'000, 780'000'000, 170'000'000, 0, false},
      {104, "w\xc3\xb6rker\n2", 0, 80'000'000, 20'000'000, 60'000'000, 50'000'000, true}};
  parent.recording().merged_threads = {3, 10'000'000, 10'000'000, 0};
  parent.recording().threads = 5;
  child.recording().end_kind = EndKind::kSignal;
  child.recording().end_value = 15;
  child.recording().thread_list = {
      {101, "MainThread", 800'000'000, 1'000'000'000, 170'000'000, 0, 0, false}};
  child.recording().notes = {"signal 27 was taken over by the program after 0.1 s"};

  Recording refused;
  refused.pid = 102;
  refused.refusal = "free-threaded Python is not supported";
  BuildOptions options;
  options.exclude_library = true;
  return BuildIn(folder, {child.recording(), refused, parent.recording()}, options);
}

// Encodings, line ends, names and lines that sources do not have.
Profile Sources() {
  const std::string folder = "sources";
  RecordingBuilder builder = ProcessIn(folder);
  uint32_t module = builder.AddCode("main.py", "<module>", 1, 9);
  builder.AddSamples({{module, 3}}, 300);
  const std::vector<std::string> names = {
      "latin1.py",          "line_ends.py", "broken_utf8.py", "deleted.py", "<string>",
      "<frozen zipimport>", "caf\xe9.py",   "new\nline.py",   "unknown.py",
  };
  for (const std::string& name : names) {
    uint32_t code = builder.AddCode(name, "f", 1, 12, "Class.f");
    builder.AddSamples({{module, 3}, {code, 2}}, 40);
    builder.AddSamples({{module, 4}, {code, 12}}, 0, 20);
  }
  return BuildIn(folder, {builder.recording()});
}

// Names that formats must escape or tell apart; mutual recursion; library code that calls back.
Profile Names() {
  const std::string folder = "names";
  RecordingBuilder builder = ProcessIn(folder);
  uint32_t module = builder.AddCode("main.py", "<module>", 1, 9);
  uint32_t even = builder.AddCode("a/util.py", "even", 1, 3, "Number.even");
  uint32_t odd = builder.AddCode("b/util.py", "odd", 1, 3, "Number.odd");
  uint32_t same = builder.AddCode("b/util.py", "even", 4, 5, "Number.even");
  uint32_t lambda = builder.AddCode("main.py", "<lambda>", 5, 5, "f.<locals>.<lambda>");
  uint32_t second = builder.AddCode("main.py", "<lambda>", 6, 6, "f.<locals>.<lambda>");
  uint32_t package = builder.AddCode("package/__init__.py", "<module>", 1, 2);
  uint32_t odd_name = builder.AddCode("a;b, \"c\"&<d>.py", "x; y:\n'z' \\ |", 1, 2);
  uint32_t control = builder.AddCode("\x01\x7f\xef\xbf\xbe\xff.py", "\xd1\x84\x1b[1m", 1, 2);
  uint32_t library = builder.AddCode("/usr/lib/python3.11/bisect.py", "bisect", 1, 9);
  builder.AddSamples({{module, 2}, {even, 2}, {odd, 2}, {even, 2}, {odd, 3}, {same, 5}}, 40, 4);
  builder.AddSamples({{module, 2}, {even, 2}, {odd, 2}, {even, 3}}, 8);
  builder.AddSamples({{module, 5}, {lambda, 5}}, 16);
  builder.AddSamples({{module, 6}, {second, 6}}, 0, 2);
  builder.AddSamples({{module, 5}}, 1);
  builder.AddSamples({{module, 7}, {package, 1}, {odd_name, 2}, {control, 2}}, 32);
  builder.AddSamples({{module, 8}, {library, 4}, {lambda, 5}}, 64);
  builder.AddSamples({{module, 8}, {library, 5}}, 128);
  builder.recording().library_directories = {"/usr/lib/python3.11"};
  BuildOptions options;
  options.exclude_library = true;
  return BuildIn(folder, {builder.recording()}, options);
}

// Shares and hits on both sides of what the greps look for.
Profile Greps() {
  Profile profile;
  profile.command_line = "greps.py";
  profile.period_s = 0.0001;
  profile.delivered_hz = 9998.7;
  profile.duration_s = 10;
  profile.cpu_samples = 120'119;
  SourceFile file;
  file.name = "greps.py";
  file.source = DecodeSource(ReadTestFile(GoldenPath("greps/greps.py")));
  constexpr uint64_t kPercent = 100'000'000;  // nanoseconds of ten seconds
  file.lines = {
      {2, {10'000, 20 * kPercent, 0}, {}},
      {3, {9'999, 999 * kPercent / 100, 0}, {}},
      {4, {100'000, 625 * kPercent / 10, 0}, {}},
      {5, {100, 99 * kPercent / 100, 0}, {}},
      {6, {10, 1 * kPercent, 0}, {}},
      {7, {10, kPercent / 2, 0}, {{FunctionId{0}, {125'000, 91 * kPercent, 0}}}},
  };
  profile.files = {file};
  profile.functions = {{FileId{0}, "work", "work", 1}};
  profile.stacks = {{}};
  for (const LineCost& line : file.lines) {
    profile.stacks.push_back({0, FunctionId{0}, line.line, kNoFunction, line.self});
  }
  return profile;
}

// A deterministic run: recursion of one function and of two, a lambda on the line that calls it.
Profile Counted() {
  const std::string folder = "counted";
  RecordingBuilder builder = ProcessIn(folder);
  const uint32_t module = builder.AddCode("main.py", "<module>", 1, 20);
  const uint32_t fib = builder.AddCode("main.py", "fib", 1, 4);
  const uint32_t even = builder.AddCode("main.py", "even", 7, 8);
  const uint32_t odd = builder.AddCode("main.py", "odd", 11, 12);
  const uint32_t lambda = builder.AddCode("main.py", "<lambda>", 16, 16);
  Recording& recording = builder.recording();
  recording.deterministic = true;
  recording.timer = "time stamp counter";
  recording.event_cost_ns = 25;
  recording.events = 60;
  recording.lines = {
      {module, 1, 1, 1000},  {module, 7, 1, 1000},  {module, 11, 1, 1000},
      {module, 15, 1, 2000}, {module, 16, 1, 3000}, {module, 17, 1, 500},
      {fib, 1, 9, 900},      {fib, 2, 9, 2700},     {fib, 3, 5, 500},
      {fib, 4, 4, 1600},     {even, 7, 2, 300},     {even, 8, 2, 600},
      {odd, 11, 2, 200},     {odd, 12, 2, 400},     {lambda, 16, 6, 3'000'000'000},
  };
  recording.edges = {
      {module, 15, fib, 1, 5700},  {fib, 4, fib, 8, 5000},  {module, 16, lambda, 3, 3'000'000'000},
      {module, 17, even, 1, 1500}, {even, 8, odd, 2, 1250}, {odd, 12, even, 1, 700},
  };
  BuildOptions options;
  options.mode = Mode::kDeterministic;
  return BuildIn(folder, {recording}, options);
}

constexpr std::array kCases = {
    GoldenCase{"counted", Counted},     GoldenCase{"greps", Greps},
    GoldenCase{"names", Names},         GoldenCase{"nested", Nested},
    GoldenCase{"processes", Processes}, GoldenCase{"sources", Sources},
};

}  // namespace

std::span<const GoldenCase> GoldenCases() { return kCases; }

}  // namespace lineprof::test
