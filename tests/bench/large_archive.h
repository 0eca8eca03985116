// Writes a recording that is in memory as an archive (a .lineprof file), by the way that real ones
// go: the agent's recording file first, then its bytes compressed.
#ifndef LINEPROF_TESTS_BENCH_LARGE_ARCHIVE_H_
#define LINEPROF_TESTS_BENCH_LARGE_ARCHIVE_H_

#include <string>
#include <vector>

#include "archive/archive.h"
#include "lineprof/result.h"
#include "recording/recording.h"

namespace lineprof {

// The archive's bytes, or one line that says why there are none. `directory`: for the recording
// file, which is removed again.
Result<std::string> MakeArchive(const Recording& recording,
                                const std::vector<ArchivedSource>& sources,
                                const std::string& directory);

}  // namespace lineprof

#endif  // LINEPROF_TESTS_BENCH_LARGE_ARCHIVE_H_
