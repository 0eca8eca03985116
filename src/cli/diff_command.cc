#include "cli/diff_command.h"

#include "diff/diff_report.h"
#include "diff/profile_diff.h"
#include "output/kept_recording.h"
#include "output/message.h"
#include "output/output_file.h"
#include "output/run_reports.h"

namespace lineprof {
namespace {

struct LoadedProfile {
  Profile profile;
  size_t runs;
};

// The profile of a kept recording.
Result<LoadedProfile> LoadProfile(const std::string& file, const Selection& selection,
                                  const DiffOptions& options) {
  Result<KeptRecording> kept = LoadKeptRecording(file);
  if (!kept.ok()) return Error{kept.error()};
  const RecordedRuns& runs = kept.value().runs;
  if (ModeOf(runs.facts[0]) == Mode::kDeterministic) {
    return Error{file + " was counted, not sampled: diff compares samples"};
  }
  if (options.clock == Clock::kWall && RecordedClock(runs) == Clock::kCpu) {
    return Error{"--clock wall: " + file + " was recorded with --clock cpu"};
  }
  return LoadedProfile{
      BuildProfileOf(runs, selection, options.selection, options.clock, kept.value().sources),
      runs.facts.size()};
}

}  // namespace

int DiffCommand(const DiffOptions& options) {
  const Result<Selection> selection = MakeSelection(options.selection);
  if (!selection.ok()) return Fail(kUsage, selection.error());
  const Result<OutputFile> output = OutputFile::Open(options.output);
  if (!output.ok()) return Fail(kUsage, output.error());
  const Result<LoadedProfile> before = LoadProfile(options.before, selection.value(), options);
  if (!before.ok()) return Fail(kFailure, before.error());
  const Result<LoadedProfile> after = LoadProfile(options.after, selection.value(), options);
  if (!after.ok()) return Fail(kFailure, after.error());

  const ProfileDiff diff = CompareProfiles({before.value().profile, before.value().runs},
                                           {after.value().profile, after.value().runs});
  const DiffNames names{options.before, options.after};
  const Result<void> written = output.value().Write(
      options.json ? DiffJson(diff, names) : DiffText(diff, names, options.list_all));
  if (!written.ok()) return Fail(kFailure, written.error());
  const bool fails = options.fail_above_percent && IsSlower(diff, *options.fail_above_percent);
  return fails ? kSlower : 0;
}

}  // namespace lineprof
