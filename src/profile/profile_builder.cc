#include "profile/profile_builder.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "profile/cost_tables.h"
#include "profile/recording_costs.h"
#include "profile/run_facts.h"

namespace lineprof {
namespace {

struct RecordingOfRun {
  const Recording* recording;
  const RunRecordings* run;
};

// All recordings, by start of their process; what is left to chance among equals is the pid.
std::vector<RecordingOfRun> ByStart(std::span<const RunRecordings> runs) {
  std::vector<RecordingOfRun> sorted;
  for (const RunRecordings& run : runs) {
    for (const Recording& recording : run.recordings) sorted.push_back({&recording, &run});
  }
  std::stable_sort(
      sorted.begin(), sorted.end(), [](const RecordingOfRun& a, const RecordingOfRun& b) {
        return std::tie(a.recording->start_monotonic_ns, a.recording->pid, a.run->label) <
               std::tie(b.recording->start_monotonic_ns, b.recording->pid, b.run->label);
      });
  return sorted;
}

// Facts of the run as a whole, and where each process ran.
void AddFacts(const std::vector<RecordingOfRun>& by_start, Profile& profile) {
  std::vector<const Recording*> recordings;
  for (const RecordingOfRun& each : by_start) recordings.push_back(each.recording);
  AddRunFacts(recordings, profile);
  size_t process = 0;
  for (const RecordingOfRun& each : by_start) {
    if (each.recording->refusal.empty()) profile.processes[process++].label = each.run->label;
  }
}

// Puts the timelines, which begin with their processes, on the run's time axis.
void AddTimelines(const std::vector<RecordingOfRun>& by_start,
                  std::vector<ThreadTimeline> timelines, Profile& profile) {
  std::vector<uint64_t> starts;  // by process
  for (const auto& [recording, run] : by_start) {
    if (!recording->refusal.empty()) continue;
    starts.push_back(recording->start_monotonic_ns);
    if (recording->has_timeline) profile.has_timeline = true;
    profile.timeline_lost += recording->timeline_lost;
  }
  for (ThreadTimeline& thread : timelines) {
    const uint64_t offset = starts[thread.process] - starts[0];
    for (TimelineSample& sample : thread.samples) sample.end_ns += offset;
  }
  profile.timeline = std::move(timelines);
}

// Whether the report shows the lines of `file`.
bool IsIncluded(const FileFacts& file, const Filter& filter, const BuildOptions& options) {
  if (!options.exclude_library) return filter.Includes(file.name);
  return filter.Includes(file.name, file.is_library && !file.is_main_script);
}

// Positions in final order -> indices as they are now, under `less`; and its inverse.
struct Order {
  template <typename Less>
  Order(size_t size, Less less) : old_of(size), new_of(size) {
    std::iota(old_of.begin(), old_of.end(), 0);
    std::sort(old_of.begin(), old_of.end(), less);
    for (uint32_t position = 0; position < size; position++) new_of[old_of[position]] = position;
  }
  std::vector<uint32_t> old_of;
  std::vector<uint32_t> new_of;
};

// Puts the tables into the profile's order.
class Arrangement {
 public:
  Arrangement(const CostTables& tables, const std::vector<bool>& included, Clock clock)
      : tables_(tables),
        included_(included),
        times_(FileTimes(clock)),
        files_(tables.files.size(),
               [this](uint32_t a, uint32_t b) {
                 if (times_[a] != times_[b]) return times_[a] > times_[b];
                 return tables_.files[a].name < tables_.files[b].name;
               }),
        functions_(tables.functions.size(),
                   [this](uint32_t a, uint32_t b) { return Key(a) < Key(b); }) {}

  void FillFiles(SourceCache& sources, std::vector<SourceFile>& files) const {
    std::vector<std::vector<Part>> parts = Parts();
    for (uint32_t old : files_.old_of) {
      SourceFile& file = files.emplace_back();
      file.name = tables_.files[old].name;
      file.lines = Lines(std::move(parts[old]));
      if (!file.lines.empty()) file.source = Source(tables_.files[old], sources);
    }
  }

  void FillFunctions(std::vector<Function>& functions) const {
    for (uint32_t old : functions_.old_of) {
      functions.push_back(tables_.functions[old]);
      FileId& file = functions.back().file;
      file = FileId{files_.new_of[static_cast<uint32_t>(file)]};
    }
  }

  // Gives the tables' stacks the profile's functions.
  void RenumberStacks(std::vector<StackNode>& stacks) const {
    for (size_t i = 1; i < stacks.size(); i++) {
      StackNode& node = stacks[i];
      node.function = NewFunction(static_cast<uint32_t>(node.function));
      if (node.callee != kNoFunction) {
        node.callee = NewFunction(static_cast<uint32_t>(node.callee));
      }
    }
  }

  void FillCounts(std::vector<FunctionLine>& counts) const {
    std::map<std::pair<FunctionId, uint32_t>, FunctionLine> lines;
    const auto line_of = [&](uint32_t function, uint32_t number) -> FunctionLine& {
      FunctionLine& line = lines[{NewFunction(function), number}];
      line.function = NewFunction(function);
      line.line = number;
      return line;
    };
    for (const CountedLine& line : tables_.counted_lines) {
      line_of(line.function, line.line).self = line.self;
    }
    for (const CountedCall& call : tables_.counted_calls) {
      line_of(call.function, call.line).calls.push_back({NewFunction(call.callee), call.inclusive});
    }
    for (auto& [key, line] : lines) {
      SortCalls(line.calls);
      counts.push_back(std::move(line));
    }
  }

 private:
  // What a line costs itself, or, of a callee, with it.
  struct Part {
    uint32_t line = 0;
    FunctionId callee = kNoFunction;
    Cost cost;
  };

  static void SortCalls(std::vector<CallCost>& calls) {
    std::sort(calls.begin(), calls.end(),
              [](const CallCost& a, const CallCost& b) { return a.callee < b.callee; });
  }

  // By file (index now); nothing for excluded files.
  std::vector<std::vector<Part>> Parts() const {
    std::vector<std::vector<Part>> parts(tables_.files.size());
    for (const LineTotal& total : tables_.lines) {
      if (included_[total.file]) parts[total.file].push_back({total.line, kNoFunction, total.self});
    }
    for (const CallRow& row : tables_.rows) {
      if (!included_[row.file] || row.inclusive == Cost{}) continue;
      parts[row.file].push_back({row.line, NewFunction(row.callee), row.inclusive});
    }
    return parts;
  }

  // The lines of one file.
  static std::vector<LineCost> Lines(std::vector<Part> parts) {
    std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
      return std::tie(a.line, a.callee) < std::tie(b.line, b.callee);
    });
    std::vector<LineCost> lines;
    for (const Part& part : parts) {
      if (lines.empty() || lines.back().line != part.line) lines.push_back({part.line, {}, {}});
      if (part.callee == kNoFunction) {
        lines.back().self = part.cost;
      } else {
        lines.back().calls.push_back({part.callee, part.cost});
      }
    }
    return lines;
  }

  static SourceText Source(const FileFacts& file, SourceCache& sources) {
    if (!file.path.empty()) return sources.Take(file.path);
    SourceText none;
    none.note = file.is_library ? "no source: frozen into the interpreter"
                                : "no source: not compiled from a file that can be found";
    return none;
  }

  std::vector<uint64_t> FileTimes(Clock clock) const {
    std::vector<uint64_t> times(tables_.files.size());
    for (const LineTotal& line : tables_.lines) {
      if (included_[line.file]) times[line.file] += TimeNs(line.self, clock);
    }
    return times;
  }

  std::tuple<const std::string&, uint32_t, const std::string&> Key(uint32_t function) const {
    const Function& f = tables_.functions[function];
    return {tables_.files[static_cast<uint32_t>(f.file)].name, f.first_line, f.name};
  }

  FunctionId NewFunction(uint32_t old) const { return FunctionId{functions_.new_of[old]}; }

  const CostTables& tables_;
  const std::vector<bool>& included_;
  std::vector<uint64_t> times_;
  Order files_;
  Order functions_;
};

}  // namespace

Profile BuildProfile(std::span<const RunRecordings> runs, const Selection& selection,
                     SourceCache& sources, const BuildOptions& options) {
  Profile profile;
  profile.command_line = options.command_line;
  profile.mode = options.mode;
  profile.clock = options.clock;
  profile.period_s = options.period_s;

  const std::vector<RecordingOfRun> by_start = ByStart(runs);
  CostTables tables;
  uint64_t dropped = 0;
  for (const auto& [recording, run] : by_start) {
    if (!recording->refusal.empty()) continue;
    dropped += AddRecordingCosts(*recording, run->current_directory, selection.stacks, tables);
  }
  std::vector<bool> included;
  for (const FileFacts& file : tables.files) {
    included.push_back(IsIncluded(file, selection.files, options));
  }

  Arrangement arrangement(tables, included, options.clock);
  arrangement.FillFiles(sources, profile.files);
  arrangement.FillFunctions(profile.functions);
  profile.stacks = std::move(tables.stacks);
  arrangement.RenumberStacks(profile.stacks);
  arrangement.FillCounts(profile.counts);
  AddTimelines(by_start, std::move(tables.timelines), profile);
  AddFacts(by_start, profile);
  if (profile.timeline_lost > 0) {
    profile.notes.push_back(
        fmt::format("the timeline is full: {} samples are missing there, and nowhere else "
                    "(--timeline-limit)",
                    profile.timeline_lost));
  }
  if (dropped > 0) {
    profile.notes.push_back(fmt::format("--root left out {} samples of other stacks", dropped));
  }
  return profile;
}

}  // namespace lineprof
