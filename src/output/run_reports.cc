#include "output/run_reports.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <tuple>
#include <utility>

#include "base/clock.h"
#include "base/shell_quote.h"
#include "options/report_options.h"
#include "profile/thread_split.h"

namespace lineprof {
namespace {

// The commands of all runs; each different one once.
std::string CommandLineOf(const std::vector<ArchivedRun>& runs) {
  std::vector<std::string> commands;
  for (const ArchivedRun& run : runs) {
    std::string command = ShellJoin(run.command);
    if (std::find(commands.begin(), commands.end(), command) == commands.end()) {
      commands.push_back(std::move(command));
    }
  }
  return fmt::format("{}", fmt::join(commands, "; "));
}

bool WantsColor(ColorMode mode, const ReportOutput& output) {
  if (mode != ColorMode::kAuto) return mode == ColorMode::kAlways;
  const char* no_color = std::getenv("NO_COLOR");  // no-color.org
  return output.is_standard_output() && isatty(STDOUT_FILENO) != 0 &&
         (no_color == nullptr || *no_color == '\0');
}

// The processes of a run, by start.
std::vector<const Recording*> ByStart(const RunRecordings& run) {
  std::vector<const Recording*> sorted;
  for (const Recording& recording : run.recordings) sorted.push_back(&recording);
  std::sort(sorted.begin(), sorted.end(), [](const Recording* a, const Recording* b) {
    return std::tie(a->start_monotonic_ns, a->pid) < std::tie(b->start_monotonic_ns, b->pid);
  });
  return sorted;
}

std::vector<int64_t> ProcessIds(const RunRecordings& run) {
  std::vector<int64_t> pids;
  for (const Recording* recording : ByStart(run)) {
    if (std::find(pids.begin(), pids.end(), recording->pid) == pids.end()) {
      pids.push_back(recording->pid);
    }
  }
  return pids;
}

// What `run` has of that process: one recording, or several if it executed another program.
RecordedRuns OnlyProcess(const ArchivedRun& facts, const RunRecordings& run, int64_t pid) {
  RecordedRuns only{{facts}, {{{}, run.current_directory, run.label}}};
  for (const Recording& recording : run.recordings) {
    if (recording.pid == pid) only.recordings[0].recordings.push_back(recording);
  }
  return only;
}

bool HasTimeline(const RecordedRuns& runs) {
  return std::any_of(runs.recordings.begin(), runs.recordings.end(), [](const auto& run) {
    return std::any_of(run.recordings.begin(), run.recordings.end(),
                       [](const Recording& recording) { return recording.has_timeline; });
  });
}

// Whether the samples of every process are told apart by thread.
bool IsRecordedByThread(const RecordedRuns& runs) {
  return std::all_of(runs.recordings.begin(), runs.recordings.end(), [](const auto& run) {
    return std::all_of(run.recordings.begin(), run.recordings.end(),
                       [](const Recording& recording) { return recording.by_thread; });
  });
}

}  // namespace

Mode ModeOf(const ArchivedRun& run) {
  return run.period_ns == 0 ? Mode::kDeterministic : Mode::kStatistical;
}

Clock RecordedClock(const RecordedRuns& runs) {
  const bool without_waits =
      std::any_of(runs.facts.begin(), runs.facts.end(),
                  [](const ArchivedRun& run) { return run.clock == Clock::kCpu; });
  return without_waits ? Clock::kCpu : Clock::kWall;
}

Result<void> CheckRecorded(const ReportingOptions& reporting, const RecordedRuns& runs,
                           const std::string& name) {
  const Mode mode = ModeOf(runs.facts[0]);
  const Result<void> formats = CheckFormats(reporting, mode);
  if (!formats.ok()) {
    return Error{fmt::format("{} was {}: {}", name,
                             mode == Mode::kStatistical ? "sampled" : "counted, not sampled",
                             formats.error())};
  }
  const OutputOptions* timeline = FindTimelineOutput(reporting);
  if (timeline != nullptr && !HasTimeline(runs)) {
    return Error{fmt::format("{}: {} has no timeline: it is kept with --timeline-limit",
                             timeline->name, name)};
  }
  if (reporting.per_thread && !IsRecordedByThread(runs)) {
    return Error{"--per-thread: " + name + " was recorded without it"};
  }
  return {};
}

Result<Selection> MakeSelection(const SelectionOptions& options) {
  Result<Filter> files = Filter::Create(options.includes, options.excludes);
  if (!files.ok()) return Error{files.error()};
  Result<StackTransform> stacks = StackTransform::Create(options.folds, options.roots);
  if (!stacks.ok()) return Error{stacks.error()};
  return Selection{std::move(files).value(), std::move(stacks).value()};
}

Profile BuildProfileOf(const RecordedRuns& runs, const Selection& selection,
                       const SelectionOptions& options, Clock clock, SourceCache& sources) {
  BuildOptions build;
  build.command_line = CommandLineOf(runs.facts);
  build.mode = ModeOf(runs.facts[0]);
  build.clock = clock;
  build.period_s = static_cast<double>(runs.facts[0].period_ns) / kNsPerSecond;
  build.exclude_library = options.exclude_library;
  Profile profile = BuildProfile(runs.recordings, selection, sources, build);
  const auto same_period = [&](const ArchivedRun& run) {
    return run.period_ns == runs.facts[0].period_ns;
  };
  if (!std::all_of(runs.facts.begin(), runs.facts.end(), same_period)) {
    profile.notes.emplace_back("the runs had different periods: this is the first one's");
  }
  return profile;
}

ReportJob::ReportJob(const RecordedRuns& runs, const Selection& selection,
                     const ReportingOptions& options, Clock clock, SourceCache& sources)
    : runs_(runs),
      selection_(selection),
      options_(options),
      clock_(clock),
      sources_(sources),
      profile_(BuildProfileOf(runs, selection, options.selection, clock, sources)) {}

Result<void> ReportJob::Write(const std::vector<ReportOutput>& outputs,
                              const MakeArchive& archive) const {
  Result<void> all_written;
  for (const ReportOutput& output : outputs) {
    const Result<void> written =
        output.is_per_process() ? WriteEachProcess(output, archive) : WriteWhole(output, archive);
    if (!written.ok()) all_written = written;
  }
  return all_written;
}

Result<void> ReportJob::WriteWhole(const ReportOutput& output, const MakeArchive& archive) const {
  const NameFacts name{0, runs_.facts[0].host, runs_.facts[0].start_realtime_ns};
  if (output.format() == nullptr) return output.Write(archive(nullptr), name);
  if (IsByThread(output)) return WriteThreads(output, runs_, name);
  return output.Write([&](std::ostream& out) { Render(output, profile_, out); }, name);
}

bool ReportJob::IsByThread(const ReportOutput& output) const {
  return options_.per_thread && output.format() != nullptr;
}

Result<void> ReportJob::WriteEachProcess(const ReportOutput& output,
                                         const MakeArchive& archive) const {
  std::set<std::string> names;
  for (size_t i = 0; i < runs_.facts.size(); i++) {
    const ArchivedRun& facts = runs_.facts[i];
    for (const int64_t pid : ProcessIds(runs_.recordings[i])) {
      const NameFacts name{pid, facts.host, facts.start_realtime_ns, names.size() + 1};
      if (!output.is_standard_output() && !names.insert(output.Name(name)).second) {
        return Error{output.Name(name) + " is the name of two processes: add %h or %n"};
      }
      const Result<void> written =
          output.format() == nullptr
              ? output.Write(archive(&pid), name)
              : WriteProcess(output, OnlyProcess(facts, runs_.recordings[i], pid), name);
      if (!written.ok()) return written;
    }
  }
  return {};
}

Result<void> ReportJob::WriteProcess(const ReportOutput& output, const RecordedRuns& process,
                                     const NameFacts& name) const {
  if (IsByThread(output)) return WriteThreads(output, process, name);
  const Profile profile = Build(process);
  return output.Write([&](std::ostream& out) { Render(output, profile, out); }, name);
}

Result<void> ReportJob::WriteThreads(const ReportOutput& output, const RecordedRuns& runs,
                                     const NameFacts& name) const {
  return output.Write([&](std::ostream& out) { RenderThreads(output, runs, out); }, name);
}

Profile ReportJob::Build(const RecordedRuns& runs) const {
  return BuildProfileOf(runs, selection_, options_.selection, clock_, sources_);
}

void ReportJob::RenderThreads(const ReportOutput& output, const RecordedRuns& runs,
                              std::ostream& out) const {
  bool has_threads = false;
  for (size_t i = 0; i < runs.facts.size(); i++) {
    const RunRecordings& run = runs.recordings[i];
    for (const Recording* recording : ByStart(run)) {
      for (const uint32_t thread : SampledThreads(*recording)) {
        const RecordedRuns one{
            {runs.facts[i]},
            {{{OnlyThread(*recording, thread)}, run.current_directory, run.label}}};
        Render(output, Build(one), out);
        has_threads = true;
      }
    }
  }
  // Nobody was seen: what there is to say stands in the whole's head.
  if (!has_threads) Render(output, Build(runs), out);
}

void ReportJob::Render(const ReportOutput& output, const Profile& profile,
                       std::ostream& out) const {
  ReportOptions options = options_.report;
  options.color = WantsColor(options_.color, output);
  output.format()->write(profile, options, out);
}

}  // namespace lineprof
