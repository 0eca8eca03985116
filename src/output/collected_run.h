// What a run has left in its recording directory: read when it has ended, or as it is meanwhile.
//
// Reads files and asks the system which processes still run; writes nothing. THREAD: one.
#ifndef LINEPROF_OUTPUT_COLLECTED_RUN_H_
#define LINEPROF_OUTPUT_COLLECTED_RUN_H_

#include <map>
#include <string>
#include <vector>

#include "archive/writer.h"
#include "launcher/child_process.h"
#include "output/run_reports.h"
#include "profile/source_cache.h"

namespace lineprof {

// The file of a recording directory that holds the run's facts: an archive without recordings.
inline constexpr char kRunFile[] = "run.lineprof";

class CollectedRun {
 public:
  // `keeps_bytes`: an archive is to be made.
  CollectedRun(ArchivedRun facts, bool keeps_bytes);

  // Reads all recordings of the directory. `ends`: of processes that somebody has waited for.
  // Tells of those that cannot be read; false if there is one. REQUIRES: not called before.
  bool Read(const std::string& directory, const std::map<pid_t, ProcessEnd>& ends, bool verbose);

  // A kept recording of one process, or (null) of all. REQUIRES: keeps_bytes.
  std::string MakeArchive(const int64_t* pid, SourceCache& sources) const;

  const RecordedRuns& runs() const { return runs_; }
  ArchivedRun& facts() { return runs_.facts[0]; }
  const std::vector<Recording>& recordings() const { return runs_.recordings[0].recordings; }

 private:
  RecordedRuns runs_;  // this one
  bool keeps_bytes_;
  std::vector<PackedRecording> packed_;  // of recordings(), if they are to be kept
};

}  // namespace lineprof

#endif  // LINEPROF_OUTPUT_COLLECTED_RUN_H_
