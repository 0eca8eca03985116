#include "top/cost_snapshot.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/shell_quote.h"
#include "reports/function_totals.h"
#include "reports/stack_frames.h"
#include "reports/stack_tree.h"

namespace lineprof {
namespace {

size_t Index(FunctionId function) { return static_cast<size_t>(function); }

// The costs of the profile's places, under the numbers that they have in `places`.
class PlaceCosts {
 public:
  PlaceCosts(const Profile& profile, Places& places)
      : profile_(profile), tree_(profile.stacks), places_(places) {
    for (const SourceFile& file : profile.files) file_ids_.push_back(places.AddFile(file.name));
    for (uint32_t i = 0; i < profile.functions.size(); i++) {
      const FunctionId id{i};
      included_.push_back(IsIncluded(profile, id));
      function_ids_.push_back(
          included_[i] ? places.AddFunction(FileOf(profile, id).name, profile.functions[i]) : 0);
    }
  }

  std::vector<PlaceCost> OfFunctions() const {
    std::vector<uint32_t> function_of(profile_.stacks.size(), StackTree::kNothing);
    for (size_t i = 1; i < profile_.stacks.size(); i++) {
      const size_t function = Index(profile_.stacks[i].function);
      if (included_[function]) function_of[i] = function_ids_[function];
    }
    return AddUp(function_of, places_.functions().size());
  }

  std::vector<PlaceCost> OfLines() const {
    const LineFrames frames(profile_);
    std::vector<uint32_t> ids;  // by frame
    for (const LineFrame& frame : frames.frames) {
      const bool is_shown = included_[Index(frame.function)];
      const uint32_t file = is_shown ? file_ids_[FileIndex(frame.function)] : 0;
      ids.push_back(is_shown ? places_.AddLine(file, frame.line) : StackTree::kNothing);
    }
    std::vector<uint32_t> line_of(profile_.stacks.size(), StackTree::kNothing);
    for (size_t i = 1; i < line_of.size(); i++) line_of[i] = ids[frames.frame_of[i]];
    NameFunctions(frames, ids);
    return AddUp(line_of, places_.lines().size());
  }

 private:
  std::vector<PlaceCost> AddUp(const std::vector<uint32_t>& place_of, size_t count) const {
    std::vector<PlaceCost> costs(count);
    const std::vector<Cost> totals = tree_.SumOncePerStack(place_of, count);
    for (size_t i = 0; i < count; i++) costs[i].total = totals[i];
    for (size_t i = 1; i < place_of.size(); i++) {
      if (place_of[i] != StackTree::kNothing) costs[place_of[i]].self += profile_.stacks[i].self;
    }
    return costs;
  }

  size_t FileIndex(FunctionId function) const {
    return static_cast<size_t>(profile_.functions[Index(function)].file);
  }

  // `ids`: of the frames' lines.
  void NameFunctions(const LineFrames& frames, const std::vector<uint32_t>& ids) const {
    std::vector<uint64_t> time_of(frames.frames.size());
    for (size_t i = 1; i < profile_.stacks.size(); i++) {
      time_of[frames.frame_of[i]] += TimeNs(profile_.stacks[i].self, Clock::kWall);
    }
    std::unordered_map<uint32_t, uint64_t> most;  // by line
    for (size_t i = 0; i < ids.size(); i++) {
      if (ids[i] == StackTree::kNothing) continue;
      const auto [best, is_first] = most.try_emplace(ids[i], time_of[i]);
      if (!is_first && time_of[i] <= best->second) continue;
      best->second = time_of[i];
      const Function& function = profile_.functions[Index(frames.frames[i].function)];
      places_.NameFunctionOf(ids[i], function.qualified_name);
    }
  }

  const Profile& profile_;
  const StackTree tree_;
  Places& places_;
  std::vector<uint32_t> file_ids_;      // index: FileId
  std::vector<bool> included_;          // index: FunctionId
  std::vector<uint32_t> function_ids_;  // index: FunctionId; of included ones
};

ProcessCost DescribeProcess(const Recording& recording) {
  ProcessCost process;
  process.pid = recording.pid;
  process.start_ns = recording.start_monotonic_ns;
  process.end_ns = recording.end_monotonic_ns;
  process.command_line = ShellJoin(recording.arguments);
  process.cpu_ns = recording.thread_cpu_ns;
  process.wait_ns = recording.thread_wait_ns;
  process.gil_wait_ns = recording.gil_wait_ns;
  process.samples = recording.cpu_samples + recording.wait_samples;
  for (const RecordedLoss& loss : recording.losses) process.lost += loss.samples;
  return process;
}

// Adds the processes, by start, and their threads. A process that executed another program goes on
// in a later recording.
void AddProcesses(const std::vector<Recording>& recordings, CostSnapshot& snapshot) {
  std::vector<const Recording*> by_start;
  std::map<int64_t, const Recording*> last_of;
  for (const Recording& recording : recordings) {
    if (recording.refusal.empty()) by_start.push_back(&recording);
  }
  std::sort(by_start.begin(), by_start.end(), [](const Recording* a, const Recording* b) {
    return std::tie(a->start_monotonic_ns, a->pid) < std::tie(b->start_monotonic_ns, b->pid);
  });
  for (const Recording* recording : by_start) last_of[recording->pid] = recording;
  for (const Recording* recording : by_start) {
    ProcessCost& process = snapshot.processes.emplace_back(DescribeProcess(*recording));
    process.ended = recording->ended || last_of[recording->pid] != recording;
    if (process.ended) continue;
    for (const RecordedThread& thread : recording->thread_list) {
      if (thread.ended) continue;
      ++process.live_threads;
      snapshot.threads.push_back(
          {recording->pid, thread.tid, thread.name, thread.cpu_ns, thread.wait_ns});
    }
  }
}

}  // namespace

uint32_t Places::AddFunction(const std::string& file, const Function& function) {
  const auto [found, is_new] =
      function_ids_.try_emplace({file, function.first_line, function.qualified_name},
                                static_cast<uint32_t>(functions_.size()));
  if (is_new) functions_.push_back({file, function.first_line, function.qualified_name});
  return found->second;
}

uint32_t Places::AddFile(const std::string& file) {
  const auto [found, is_new] = file_ids_.try_emplace(file, static_cast<uint32_t>(files_.size()));
  if (is_new) files_.push_back(file);
  return found->second;
}

uint32_t Places::AddLine(uint32_t file, uint32_t line) {
  const auto [found, is_new] =
      line_ids_.try_emplace(uint64_t{file} << 32 | line, static_cast<uint32_t>(lines_.size()));
  if (is_new) lines_.push_back({files_[file], line, ""});
  return found->second;
}

CostSnapshot TakeCostSnapshot(const Profile& profile, const std::vector<Recording>& recordings,
                              uint64_t time_ns, Places& places) {
  CostSnapshot snapshot;
  snapshot.time_ns = time_ns;
  const PlaceCosts costs(profile, places);
  snapshot.functions = costs.OfFunctions();
  snapshot.lines = costs.OfLines();
  AddProcesses(recordings, snapshot);
  for (const Recording& recording : recordings) {
    for (const std::string& note : recording.notes) snapshot.notes.push_back(note);
    if (!recording.refusal.empty()) snapshot.notes.push_back(recording.refusal);
  }
  return snapshot;
}

}  // namespace lineprof
