// How long a large profile takes to render, and how much memory: 1,000 files, 200,000 lines and two
// million distinct stacks of eighteen frames on average, or a part of that.
//
// The profile is made up, always the same: its shape matters, not its figures. It lies in memory as
// src/profile leaves one: stacks depth first, calls line by line. Prints one line:
// seconds of rendering, of its CPU time, bytes written, and the most memory that the process had,
// in bytes, before and after. Usage: lineprof_report_bench FORMAT PART FILE; with `profile` in
// place of a format, of making the profile from a recording that is in memory; with `archive`, FILE
// becomes a .lineprof file of it all, and nothing is measured.

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/large_archive.h"
#include "lineprof/report.h"
#include "profile/profile_builder.h"
#include "stack_tree.h"

namespace {

using namespace lineprof;

constexpr uint32_t kFiles = 1'000;
constexpr uint32_t kFunctionsPerFile = 20;
constexpr uint32_t kLinesPerFunction = 10;
constexpr uint32_t kCalls = 500'000;
constexpr uint32_t kCallsPerTree = kCalls / 10;
constexpr uint32_t kStacksPerCall = 4;
constexpr uint64_t kMillisecond = 1'000'000;
constexpr uint32_t kBytesPerLine = 4;  // of instructions
constexpr char kDirectory[] = "/jobs";
constexpr Cost kSample = {1, kMillisecond, 0};

// Draws only by operator(), whose results the standard fixes.
class Dice {
 public:
  uint32_t Below(uint32_t end) { return static_cast<uint32_t>(engine_() % end); }

 private:
  std::mt19937_64 engine_;
};

class ProfileMaker {
 public:
  explicit ProfileMaker(double part)
      : files_(static_cast<uint32_t>(kFiles * part)),
        calls_(static_cast<uint32_t>(kCalls * part)) {}

  Profile Make() {
    profile_.command_line = "bench.py";
    profile_.duration_s = calls_ * kStacksPerCall * 1e-3;
    profile_.period_s = 1e-3;
    profile_.cpu_samples = uint64_t{calls_} * kStacksPerCall;
    MakeFiles();
    MakeStacks();
    PutDepthFirst();
    MakeCallRows();
    return std::move(profile_);
  }

 private:
  void MakeFiles() {
    for (uint32_t i = 0; i < files_; i++) {
      SourceFile& file = profile_.files.emplace_back();
      file.name = "package/module_" + std::to_string(i) + ".py";
      file.source.state = SourceText::State::kRead;
      for (uint32_t line = 1; line <= kFunctionsPerFile * kLinesPerFunction; line++) {
        file.source.lines.push_back("    result = compute(argument, " + std::to_string(line) + ")");
        file.lines.push_back({line, {}, {}});
      }
      for (uint32_t f = 0; f < kFunctionsPerFile; f++) {
        const std::string name = "function_" + std::to_string(f);
        profile_.functions.push_back({FileId{i}, name, name, f * kLinesPerFunction + 1});
      }
    }
  }

  FunctionId AnyFunction() {
    return FunctionId{dice_.Below(static_cast<uint32_t>(profile_.functions.size()))};
  }
  uint32_t LineOf(FunctionId function, uint32_t offset) const {
    return profile_.functions[static_cast<size_t>(function)].first_line + offset;
  }
  LineCost& At(const StackNode& node) {
    const FileId file = profile_.functions[static_cast<size_t>(node.function)].file;
    return profile_.files[static_cast<size_t>(file)].lines[node.line - 1];
  }

  // Trees of inner nodes, each node below one of the four fifths of its tree made last, and then
  // the ends of stacks. Trees are of one size, so that a part's stacks are as deep as the whole's.
  void MakeStacks() {
    std::vector<StackNode>& nodes = profile_.stacks;
    nodes.push_back({});
    for (uint32_t i = 1; i <= calls_; i++) {
      const uint32_t before = (i - 1) / kCallsPerTree * kCallsPerTree;
      const uint32_t in_tree = i - before;
      if (in_tree == 1) {
        nodes.push_back({0, FunctionId{0}, 1, AnyFunction(), {}});
        continue;
      }
      const uint32_t least = in_tree / 5 + 1;
      const uint32_t parent = before + least + dice_.Below(in_tree - least);
      const FunctionId function = nodes[parent].callee;
      const uint32_t line = LineOf(function, dice_.Below(kLinesPerFunction));
      nodes.push_back({parent, function, line, AnyFunction(), {}});
    }
    for (uint32_t i = 0; i < calls_ * kStacksPerCall; i++) {
      const uint32_t parent = i % calls_ + 1;
      const FunctionId function = nodes[parent].callee;
      nodes.push_back({parent, function, LineOf(function, i / calls_), kNoFunction, kSample});
      At(nodes.back()).self += kSample;
    }
  }

  void PutDepthFirst() {
    const Preorder preorder(profile_.stacks);
    std::vector<uint32_t> position_of(profile_.stacks.size());
    std::vector<StackNode> nodes(1);
    preorder.ForEach([&](uint32_t node, uint32_t /*depth*/) {
      position_of[node] = static_cast<uint32_t>(nodes.size());
      nodes.push_back(profile_.stacks[node]);
      nodes.back().parent = position_of[nodes.back().parent];
    });
    profile_.stacks = std::move(nodes);
  }

  void MakeCallRows() {
    std::vector<std::pair<LineCost*, FunctionId>> rows;
    for (const StackNode& node : profile_.stacks) {
      if (node.callee != kNoFunction) rows.emplace_back(&At(node), node.callee);
    }
    std::sort(rows.begin(), rows.end());
    for (const auto& [line, callee] : rows) line->calls.push_back({callee, kSample});
  }

  uint32_t files_;
  uint32_t calls_;
  Dice dice_;
  Profile profile_;
};

// Since the mark was last set back (proc(5), status and clear_refs).
uint64_t MostMemory() {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word && word != "VmHWM:") {
  }
  uint64_t kilobytes = 0;
  status >> kilobytes;
  return kilobytes * 1024;
}
void SetBackMostMemory() { std::ofstream("/proc/self/clear_refs") << "5"; }

double CpuSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// The recording of one process that gives that profile.
Recording RecordingOf(const Profile& profile) {
  Recording recording;
  recording.working_directory = kDirectory;
  recording.line_table_format = LineTableFormat::kPep626;
  for (const Function& function : profile.functions) {
    RecordedCode& code = recording.codes.emplace_back();
    code.filename = profile.files[static_cast<size_t>(function.file)].name;
    code.name = function.name;
    code.first_line = function.first_line;
    for (uint32_t line = 0; line < kLinesPerFunction; line++) {
      code.line_table += static_cast<char>(kBytesPerLine);
      code.line_table += static_cast<char>(line == 0 ? 0 : 1);
    }
  }
  recording.nodes.resize(profile.stacks.size());
  for (size_t i = 1; i < profile.stacks.size(); i++) {
    const StackNode& node = profile.stacks[i];
    const auto function = static_cast<uint32_t>(node.function);
    const uint32_t line = node.line - profile.functions[function].first_line;
    recording.nodes[i] = {.parent = node.parent,
                          .code = function,
                          .instruction = static_cast<int32_t>(line * kBytesPerLine),
                          .callee = static_cast<uint32_t>(node.callee),
                          .cpu_samples = node.self.hits,
                          .cpu_ns = node.self.cpu_ns};
  }
  return recording;
}

// What is made last lies in the processor's caches, if it is small, and would be read for nothing.
void EmptyCaches() {
  std::vector<char> other(size_t{256} << 20, 1);
  [[maybe_unused]] volatile char read = other[other.size() / 2];
}

// Runs it and prints what it took; `work` gives the bytes that it wrote.
template <typename Work>
void Measure(Work work) {
  EmptyCaches();
  SetBackMostMemory();
  const uint64_t before = MostMemory();
  const double cpu_start = CpuSeconds();
  const auto start = std::chrono::steady_clock::now();
  const auto written = work();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  std::cout << elapsed.count() << ' ' << CpuSeconds() - cpu_start << ' ' << written << ' ' << before
            << ' ' << MostMemory() << '\n';
}

void MeasureBuilding(Profile profile) {
  std::vector<RunRecordings> runs(1);
  runs[0].recordings.push_back(RecordingOf(profile));
  runs[0].current_directory = kDirectory;
  SourceCache sources;
  for (SourceFile& file : profile.files) {
    sources.Add(kDirectory + ("/" + file.name), std::move(file.source));
  }
  profile = Profile();
  Measure([&] {
    profile = BuildProfile(runs, Selection(), sources, BuildOptions());
    return 0;
  });
}

// Beside it, for a moment, the recording's file.
int WriteArchive(Profile profile, const std::string& path) {
  const Recording recording = RecordingOf(profile);
  std::vector<ArchivedSource> sources;
  for (SourceFile& file : profile.files) {
    sources.push_back({kDirectory + ("/" + file.name), std::move(file.source)});
  }
  const size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash);
  const Result<std::string> archive = MakeArchive(recording, sources, directory);
  std::ofstream file(path, std::ios::binary);
  if (archive && file << archive.value() << std::flush) return 0;
  std::cerr << path << ": " << (archive ? "cannot be written" : archive.error()) << '\n';
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string name = argc == 4 ? argv[1] : "";
  const ReportFormat* format = FindReportFormat(name);
  if (format == nullptr && name != "profile" && name != "archive") {
    std::cerr << "usage: lineprof_report_bench FORMAT|profile|archive PART FILE\n";
    return 2;
  }
  Profile profile = ProfileMaker(std::atof(argv[2])).Make();
  if (name == "archive") return WriteArchive(std::move(profile), argv[3]);
  if (format == nullptr) {
    MeasureBuilding(std::move(profile));
    return 0;
  }
  std::ofstream file(argv[3], std::ios::binary);
  Measure([&] {
    format->write(profile, ReportOptions(), file);
    file.flush();
    return file.tellp();
  });
  if (file) return 0;
  std::cerr << argv[3] << ": cannot be written\n";
  return 1;
}
