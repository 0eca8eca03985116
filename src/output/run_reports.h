// From recordings to the reports that were asked for: after a run, and from a kept recording alike.
//
// THREAD: one.
#ifndef LINEPROF_OUTPUT_RUN_REPORTS_H_
#define LINEPROF_OUTPUT_RUN_REPORTS_H_

#include <functional>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "archive/archive.h"
#include "lineprof/profile.h"
#include "lineprof/result.h"
#include "options/options.h"
#include "output/report_output.h"
#include "profile/profile_builder.h"
#include "profile/source_cache.h"

namespace lineprof {

// What reports are made of.
struct RecordedRuns {
  std::vector<ArchivedRun> facts;
  std::vector<RunRecordings> recordings;  // of facts[i]
};

// A run without a period was counted.
Mode ModeOf(const ArchivedRun& run);

// kCpu if waiting was not recorded in one of them.
Clock RecordedClock(const RecordedRuns& runs);

// Whether `runs`, called `name`, hold what the reports need. Fails with one line.
Result<void> CheckRecorded(const ReportingOptions& reporting, const RecordedRuns& runs,
                           const std::string& name);

// Compiles the expressions. Fails with one line that names the option.
Result<Selection> MakeSelection(const SelectionOptions& options);

// The profile of all runs together.
Profile BuildProfileOf(const RecordedRuns& runs, const Selection& selection,
                       const SelectionOptions& options, Clock clock, SourceCache& sources);

class ReportJob {
 public:
  // The references must outlive it.
  ReportJob(const RecordedRuns& runs, const Selection& selection, const ReportingOptions& options,
            Clock clock, SourceCache& sources);

  // The whole: every process of every run.
  const Profile& profile() const { return profile_; }

  // The bytes of a kept recording: of one process, or (null) of all.
  using MakeArchive = std::function<std::string(const int64_t* pid)>;

  // Writes all of `outputs`, whatever happens to one of them. Fails with the last one's line.
  Result<void> Write(const std::vector<ReportOutput>& outputs, const MakeArchive& archive) const;

 private:
  Result<void> WriteWhole(const ReportOutput& output, const MakeArchive& archive) const;
  Result<void> WriteEachProcess(const ReportOutput& output, const MakeArchive& archive) const;
  Result<void> WriteProcess(const ReportOutput& output, const RecordedRuns& process,
                            const NameFacts& name) const;
  // --per-thread: a report for each thread, processes by start, threads busiest first.
  bool IsByThread(const ReportOutput& output) const;
  Result<void> WriteThreads(const ReportOutput& output, const RecordedRuns& runs,
                            const NameFacts& name) const;
  void RenderThreads(const ReportOutput& output, const RecordedRuns& runs, std::ostream& out) const;
  Profile Build(const RecordedRuns& runs) const;
  void Render(const ReportOutput& output, const Profile& profile, std::ostream& out) const;

  const RecordedRuns& runs_;
  const Selection& selection_;
  const ReportingOptions& options_;
  Clock clock_;
  SourceCache& sources_;
  Profile profile_;
};

}  // namespace lineprof

#endif  // LINEPROF_OUTPUT_RUN_REPORTS_H_
