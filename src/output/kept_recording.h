// Recordings that were kept: .lineprof files read back to what reports are made of.
//
// THREAD: one.
#ifndef LINEPROF_OUTPUT_KEPT_RECORDING_H_
#define LINEPROF_OUTPUT_KEPT_RECORDING_H_

#include <functional>
#include <string>
#include <vector>

#include "archive/archive.h"
#include "lineprof/result.h"
#include "output/run_reports.h"
#include "profile/source_cache.h"

namespace lineprof {

struct KeptRecording {
  RecordedRuns runs;  // never empty; of several runs, all on one time axis
  SourceCache sources;
};

// Fails with one line that names the file.
Result<KeptRecording> LoadKeptRecording(const std::string& path);

// Calls `visit` for each piece of the file. Fails with one line that names the file, if only at the
// end: nothing that was visited may be believed before.
Result<void> VisitArchive(const std::string& path,
                          const std::function<Result<void>(ArchiveItem)>& visit);

}  // namespace lineprof

#endif  // LINEPROF_OUTPUT_KEPT_RECORDING_H_
