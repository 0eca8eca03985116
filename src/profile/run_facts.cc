#include "profile/run_facts.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "base/shell_quote.h"
#include "base/utf8.h"

namespace lineprof {
namespace {

constexpr double kNsPerSecond = 1e9;
// With fewer samples than this, percentages mean next to nothing.
constexpr uint64_t kFewSamples = 20;
constexpr double kShortestPeriod = 0.00005;

double Seconds(uint64_t ns) { return static_cast<double>(ns) / kNsPerSecond; }

// What was profiled of it.
double DurationS(const Recording& recording) {
  const uint64_t left_out_ns = recording.start_monotonic_ns + recording.paused_ns;
  if (recording.end_monotonic_ns < left_out_ns) return 0;
  return Seconds(recording.end_monotonic_ns - left_out_ns);
}

// The CPU time of its Python threads; where the process could not tell it, what samples stand for.
uint64_t CpuNs(const Recording& recording) {
  return recording.thread_cpu_ns > 0 ? recording.thread_cpu_ns : recording.sampled_cpu_ns;
}

ProcessFate EndOf(const Recording& recording) {
  switch (recording.end_kind) {
    case EndKind::kExit:
      return ProcessFate::kExit;
    case EndKind::kSignal:
      return ProcessFate::kSignal;
    case EndKind::kRunning:
      return ProcessFate::kRunning;
    case EndKind::kExec:
      return ProcessFate::kExec;
    case EndKind::kUnknown:
      break;
  }
  return ProcessFate::kUnknown;
}

void AddThreads(const Recording& recording, Profile& profile) {
  for (const RecordedThread& recorded : recording.thread_list) {
    Thread& thread = profile.threads.emplace_back();
    thread.pid = recording.pid;
    thread.tid = recorded.tid;
    thread.name = EscapeInvalidUtf8(recorded.name);
    thread.duration_s = Seconds(recorded.end_monotonic_ns - recorded.start_monotonic_ns);
    thread.cpu_s = Seconds(recorded.cpu_ns);
    thread.wait_s = Seconds(recorded.wait_ns);
    thread.gil_wait_s = Seconds(recorded.gil_wait_ns);
    thread.ended = recorded.ended;
  }
  const RecordedThreads& merged = recording.merged_threads;
  profile.merged_threads.count += merged.count;
  profile.merged_threads.cpu_s += Seconds(merged.cpu_ns);
  profile.merged_threads.wait_s += Seconds(merged.wait_ns);
  profile.merged_threads.gil_wait_s += Seconds(merged.gil_wait_ns);
}

void SortThreads(std::vector<Thread>& threads) {
  std::stable_sort(threads.begin(), threads.end(), [](const Thread& a, const Thread& b) {
    return std::tie(a.cpu_s, a.wait_s) > std::tie(b.cpu_s, b.wait_s);
  });
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
  process.paused_s = Seconds(recording.paused_ns);
  process.gil_wait_s = Seconds(recording.gil_wait_ns);
  process.events = recording.events;
  process.fate = EndOf(recording);
  process.fate_value = recording.end_value;
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
  NoteList survivors;
  NoteList notes;
  for (const Recording* recording : recordings) {
    if (!recording->refusal.empty())
      refusals.Add("not profiled: " + recording->refusal, recording->pid);
    // Not in a look at a run that goes on, whose first process runs too.
    if (recording->end_kind == EndKind::kRunning &&
        recordings.front()->end_kind != EndKind::kRunning) {
      survivors.Add("still ran at the end: what came later is missing (--wait-children waits)",
                    recording->pid);
    }
    for (const std::string& note : recording->notes) notes.Add(note, recording->pid);
  }
  refusals.AppendTo(profile.notes, true);
  survivors.AppendTo(profile.notes, true);
  notes.AppendTo(profile.notes, recordings.size() > 1);
  if (profile.processes.empty()) {
    profile.notes.push_back("no Python process was profiled");
  } else if (profile.mode == Mode::kStatistical) {
    AddSampleHint(profile, profile.notes);
  }
}

}  // namespace

void AddRunFacts(const std::vector<const Recording*>& recordings, Profile& profile) {
  profile.gil_wait_known =
      recordings.empty() || !std::all_of(recordings.begin(), recordings.end(),
                                         [](const Recording* each) { return each->from_outside; });
  uint64_t run_start_ns = 0;
  double cpu_s = 0;
  uint64_t ticks = 0;
  double event_cost_ns = 0;
  std::map<std::string, uint64_t> losses;
  for (const Recording* recording : recordings) {
    if (!recording->refusal.empty()) continue;
    if (profile.processes.empty()) run_start_ns = recording->start_monotonic_ns;
    profile.processes.push_back(DescribeProcess(*recording, run_start_ns));
    AddThreads(*recording, profile);
    profile.duration_s += profile.processes.back().duration_s;
    profile.cpu_samples += recording->cpu_samples;
    profile.wait_samples += recording->wait_samples;
    profile.events += recording->events;
    event_cost_ns += recording->event_cost_ns * static_cast<double>(recording->events);
    profile.gil_wait_s += static_cast<double>(recording->gil_wait_ns) / kNsPerSecond;
    cpu_s += profile.processes.back().cpu_s;
    if (!recording->deterministic && recording->thread_cpu_ns > recording->sampled_cpu_ns) {
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
  SortThreads(profile.threads);
  AddNotes(recordings, profile);
}

}  // namespace lineprof
