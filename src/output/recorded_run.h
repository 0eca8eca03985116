// A run and what it recorded, from the directory of recordings to the last report: the same for a
// program that lineprof ran and for processes that it looked at.
//
// THREAD: main. Reads recordings and sources, writes reports, prints messages.
#ifndef LINEPROF_OUTPUT_RECORDED_RUN_H_
#define LINEPROF_OUTPUT_RECORDED_RUN_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "launcher/child_process.h"
#include "launcher/recording_directory.h"
#include "lineprof/result.h"
#include "options/options.h"
#include "output/collected_run.h"
#include "output/report_output.h"
#include "profile/source_cache.h"

namespace lineprof {

// The facts of a run that begins now, here; but how it ends.
ArchivedRun BeginFacts(std::vector<std::string> command, uint64_t period_ns, Clock clock,
                       bool main_thread_only);

class RecordedRun {
 public:
  // The references must outlive it.
  RecordedRun(const ArchivedRun& facts, const std::vector<ReportOutput>& outputs,
              RecordingDirectory& directory, bool verbose);

  ArchivedRun& facts() { return collected_.facts(); }
  const std::vector<Recording>& recordings() const { return collected_.recordings(); }
  // Of the files that ran: load them while they are as they ran.
  SourceCache& sources() { return sources_; }

  // Reads all recordings of the directory. `ends`: of processes that somebody has waited for.
  // Tells of, and keeps, those that cannot be read.
  void ReadRecordings(const std::map<pid_t, ProcessEnd>& ends);

  // Prints each different reason why a process was not profiled, once.
  void TellOfRefusals();

  // Writes every report and, if not `quiet`, the summary. Fails with one line if one cannot be
  // written. REQUIRES: ReadRecordings was called.
  Result<void> WriteReports(const Selection& selection, const ReportingOptions& reporting,
                            Clock clock, bool quiet);

 private:
  const std::vector<ReportOutput>& outputs_;
  RecordingDirectory& directory_;
  bool verbose_;
  SourceCache sources_;
  CollectedRun collected_;
};

}  // namespace lineprof

#endif  // LINEPROF_OUTPUT_RECORDED_RUN_H_
