#include "diff/profile_diff.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "diff/line_match.h"

namespace lineprof {
namespace {

constexpr double kNsPerSecond = 1e9;

double TotalSeconds(const Profile& profile) {
  double total_s = 0;
  for (const Process& process : profile.processes) {
    total_s += process.cpu_s + (profile.clock == Clock::kCpu ? 0 : process.wait_s);
  }
  return total_s;
}

// Turns the costs of one profile into measures.
class Scale {
 public:
  explicit Scale(const Profile& profile) : profile_(profile), total_s_(TotalSeconds(profile)) {}

  Measure Of(const Cost& cost) const {
    const double seconds = static_cast<double>(TimeNs(cost, profile_.clock)) / kNsPerSecond;
    // Samples of waiting stand for no CPU time.
    const double period_s = profile_.period_s;
    uint64_t samples = cost.hits;
    if (profile_.clock == Clock::kCpu && period_s > 0) {
      samples = std::min(samples, static_cast<uint64_t>(std::llround(seconds / period_s)));
    }
    return MakeMeasure(samples, seconds, total_s_, period_s);
  }

 private:
  const Profile& profile_;
  double total_s_;
};

struct FunctionTimes {
  uint32_t before_line = 0;
  uint32_t after_line = 0;
  Cost before;
  Cost after;
};

using FunctionKey = std::pair<std::string, std::string>;  // file, qualified name

// First lines of functions, by name; of several of one name, the first one's.
std::map<FunctionKey, uint32_t> FirstLines(const Profile& profile) {
  std::map<FunctionKey, uint32_t> lines;
  for (const Function& function : profile.functions) {
    const std::string& file = profile.files[static_cast<size_t>(function.file)].name;
    lines.try_emplace({file, function.qualified_name}, function.first_line);
  }
  return lines;
}

void Judge(const Drift& drift, std::vector<DiffEntry>& entries) {
  std::vector<MeasurePair> pairs;
  for (const DiffEntry& entry : entries) pairs.push_back({entry.before, entry.after});
  const std::vector<Difference> differences = FindDifferences(pairs, drift);
  for (size_t i = 0; i < entries.size(); i++) entries[i].difference = differences[i];
  std::stable_sort(entries.begin(), entries.end(), [](const DiffEntry& a, const DiffEntry& b) {
    const auto key = [](const DiffEntry& entry) {
      return std::tuple(!entry.difference.is_marked, -std::abs(entry.difference.seconds));
    };
    return key(a) < key(b);
  });
}

}  // namespace

std::optional<double> DiffEntry::Percent() const {
  const double expected_s = after.seconds - difference.seconds;
  if (before.samples == 0 || expected_s <= 0) return std::nullopt;
  return 100 * difference.seconds / expected_s;
}

ProfileDiff CompareProfiles(const DiffSide& before_side, const DiffSide& after_side) {
  const Profile& before = before_side.profile;
  const Profile& after = after_side.profile;
  const std::vector<SampledLine> old_lines = SampledLines(before);
  const std::vector<SampledLine> new_lines = SampledLines(after);
  const Scale old_scale(before);
  const Scale new_scale(after);
  ProfileDiff diff;
  diff.clock = before.clock;
  std::map<FunctionKey, FunctionTimes> functions;
  std::vector<MeasurePair> both;
  for (const LinePair& pair : MatchLines(old_lines, new_lines)) {
    const SampledLine none;
    const SampledLine& old_line = pair.before ? old_lines[*pair.before] : none;
    const SampledLine& new_line = pair.after ? new_lines[*pair.after] : none;
    const SampledLine& shown = pair.after ? new_line : old_line;
    diff.lines.push_back({shown.file,
                          shown.function,
                          shown.text,
                          old_line.line,
                          new_line.line,
                          old_scale.Of(old_line.self),
                          new_scale.Of(new_line.self),
                          {}});
    both.push_back({diff.lines.back().before, diff.lines.back().after});
    FunctionTimes& function = functions[{shown.file, shown.function}];
    function.before += old_line.self;
    function.after += new_line.self;
  }
  const std::map<FunctionKey, uint32_t> old_starts = FirstLines(before);
  const std::map<FunctionKey, uint32_t> new_starts = FirstLines(after);
  const auto start = [](const auto& starts, const FunctionKey& key) {
    const auto found = starts.find(key);
    return found == starts.end() ? 0 : found->second;
  };
  for (const auto& [key, times] : functions) {
    diff.functions.push_back({key.first,
                              key.second,
                              "",
                              start(old_starts, key),
                              start(new_starts, key),
                              old_scale.Of(times.before),
                              new_scale.Of(times.after),
                              {}});
  }
  // The errors of both sides add up, so it is the mean of the inverses that counts.
  const double runs =
      2 / (1 / static_cast<double>(before_side.runs) + 1 / static_cast<double>(after_side.runs));
  diff.whole = {TotalSeconds(before), TotalSeconds(after), runs};
  diff.total = TotalDifference(diff.whole);
  diff.drift = EstimateDrift(both, diff.whole);
  Judge(diff.drift, diff.lines);
  Judge(diff.drift, diff.functions);
  return diff;
}

bool IsSlower(const ProfileDiff& diff, double percent) {
  const auto is_slower = [percent](const DiffEntry& entry) {
    const std::optional<double> slower = entry.Percent();
    return entry.difference.is_marked && slower && *slower > percent;
  };
  const bool whole =
      diff.total.is_marked && diff.total.seconds > diff.whole.before_s * percent / 100;
  return whole || std::any_of(diff.lines.begin(), diff.lines.end(), is_slower) ||
         std::any_of(diff.functions.begin(), diff.functions.end(), is_slower);
}

}  // namespace lineprof
