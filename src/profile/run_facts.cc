#include "profile/run_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "base/shell_quote.h"

namespace lineprof {
namespace {

constexpr double kNsPerSecond = 1e9;
// With fewer samples than this, percentages mean next to nothing.
constexpr uint64_t kFewSamples = 20;
constexpr double kShortestPeriod = 0.00005;

double DurationS(const Recording& recording) {
  if (recording.end_monotonic_ns < recording.start_monotonic_ns) return 0;
  return static_cast<double>(recording.end_monotonic_ns - recording.start_monotonic_ns) /
         kNsPerSecond;
}

// The CPU time of its Python threads; where the process could not tell it, what samples stand for.
uint64_t CpuNs(const Recording& recording) {
  return recording.thread_cpu_ns > 0 ? recording.thread_cpu_ns : recording.sampled_cpu_ns;
}

Process DescribeProcess(const Recording& recording, uint64_t run_start_ns) {
  Process process;
  process.pid = recording.pid;
  process.parent_pid = recording.parent_pid;
  process.command_line = ShellJoin(recording.arguments);
  process.python_version = recording.python_version;
  process.timer = recording.timer;
  process.start_s = static_cast<double>(recording.start_monotonic_ns - run_start_ns) / kNsPerSecond;
  process.duration_s = DurationS(recording);
  process.cpu_s = static_cast<double>(CpuNs(recording)) / kNsPerSecond;
  process.wait_s = static_cast<double>(recording.thread_wait_ns) / kNsPerSecond;
  process.threads = recording.threads;
  process.samples = recording.cpu_samples + recording.wait_samples;
  process.ended = recording.ended;
  return process;
}

// Gathers notes: the same text from many processes is one line, in order of first sight.
class NoteList {
 public:
  void Add(const std::string& text, int64_t pid) {
    auto same = std::find_if(notes_.begin(), notes_.end(),
                             [&text](const auto& note) { return note.first == text; });
    if (same == notes_.end()) same = notes_.insert(notes_.end(), {text, {}});
    if (same->second.empty() || same->second.back() != pid) same->second.push_back(pid);
  }

  // One line each, with the processes in front unless there is but one in the run.
  void AppendTo(std::vector<std::string>& lines, bool with_processes) const {
    for (const auto& [text, pids] : notes_) {
      lines.push_back(with_processes ? fmt::format("{}: {}", NameProcesses(pids), text) : text);
    }
  }

 private:
  static constexpr size_t kNamedProcesses = 3;

  static std::string NameProcesses(const std::vector<int64_t>& pids) {
    std::span<const int64_t> named(pids.data(), std::min(pids.size(), kNamedProcesses));
    std::string list = fmt::format("{}", fmt::join(named, ", "));
    if (pids.size() > named.size()) list += fmt::format(" and {} more", pids.size() - named.size());
    return fmt::format("process{} {}", pids.size() == 1 ? "" : "es", list);
  }

  std::vector<std::pair<std::string, std::vector<int64_t>>> notes_;
};

// As a user writes it: 0.00005, not 5e-05.
std::string PlainSeconds(double seconds) {
  std::string text = fmt::format("{:.6f}", seconds);
  return text.substr(0, text.find_last_not_of('0') + 1);
}

// Advice for a run that was too short to be sampled.
void AddSampleHint(const Profile& profile, std::vector<std::string>& notes) {
  uint64_t samples = profile.cpu_samples + profile.wait_samples;
  if (samples >= kFewSamples) return;
  std::string found = samples == 0 ? "no samples" : fmt::format("only {} samples", samples);
  if (samples == 1) found = "only 1 sample";
  std::string note = fmt::format("{} in {:g} s", found, profile.duration_s);
  if (profile.period_s > kShortestPeriod) {
    note += fmt::format(": a shorter period gives more, e.g. `-s {}`",
                        PlainSeconds(std::max(profile.period_s / 10, kShortestPeriod)));
  } else {
    note += ": the program is too short to be sampled";
  }
  notes.push_back(note);
}

void AddNotes(const std::vector<const Recording*>& recordings, Profile& profile) {
  NoteList refusals;
  NoteList notes;
  for (const Recording* recording : recordings) {
    if (!recording->refusal.empty())
      refusals.Add("not profiled: " + recording->refusal, recording->pid);
    for (const std::string& note : recording->notes) notes.Add(note, recording->pid);
  }
  refusals.AppendTo(profile.notes, true);
  notes.AppendTo(profile.notes, recordings.size() > 1);
  if (profile.processes.empty()) {
    profile.notes.push_back("no Python process was profiled");
  } else if (profile.mode == Mode::kStatistical) {
    AddSampleHint(profile, profile.notes);
  }
}

}  // namespace

void AddRunFacts(const std::vector<const Recording*>& recordings, Profile& profile) {
  uint64_t run_start_ns = 0;
  double cpu_s = 0;
  uint64_t ticks = 0;
  double event_cost_ns = 0;
  std::map<std::string, uint64_t> losses;
  for (const Recording* recording : recordings) {
    if (!recording->refusal.empty()) continue;
    if (profile.processes.empty()) run_start_ns = recording->start_monotonic_ns;
    profile.processes.push_back(DescribeProcess(*recording, run_start_ns));
    profile.duration_s += profile.processes.back().duration_s;
    profile.cpu_samples += recording->cpu_samples;
    profile.wait_samples += recording->wait_samples;
    profile.events += recording->events;
    event_cost_ns += recording->event_cost_ns * static_cast<double>(recording->events);
    profile.gil_wait_s += static_cast<double>(recording->gil_wait_ns) / kNsPerSecond;
    cpu_s += profile.processes.back().cpu_s;
    if (recording->thread_cpu_ns > recording->sampled_cpu_ns) {
      profile.unsampled_cpu_s +=
          static_cast<double>(recording->thread_cpu_ns - recording->sampled_cpu_ns) / kNsPerSecond;
    }
    ticks += recording->cpu_samples;
    for (const RecordedLoss& loss : recording->losses) {
      losses[loss.reason] += loss.samples;
      ticks += loss.samples;
    }
  }
  if (cpu_s > 0) profile.delivered_hz = static_cast<double>(ticks) / cpu_s;
  if (profile.events > 0) {
    profile.event_cost_ns = event_cost_ns / static_cast<double>(profile.events);
  }
  for (const auto& [reason, samples] : losses) {
    if (samples > 0) profile.losses.push_back({reason, samples});
  }
  AddNotes(recordings, profile);
}

}  // namespace lineprof
