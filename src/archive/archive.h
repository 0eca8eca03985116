// What an archive (a .lineprof file) tells of a run beside its recordings.
//
// Passive data. The recordings themselves are opaque bytes here: src/recording reads them, as it
// does right after a run. THREAD: any, while nobody writes.
#ifndef LINEPROF_ARCHIVE_ARCHIVE_H_
#define LINEPROF_ARCHIVE_ARCHIVE_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "lineprof/profile.h"
#include "lineprof/source.h"

namespace lineprof {

// One run of lineprof. Strings are bytes, as the system gave them.
struct ArchivedRun {
  std::string lineprof_version;
  std::string host;                  // node name of the machine
  std::string rank;                  // of an MPI or Slurm job; empty outside one
  std::vector<std::string> command;  // program and arguments
  std::string current_directory;     // of the user; empty if it was removed
  uint64_t period_ns = 0;            // asked
  Clock clock = Clock::kWall;        // kCpu: waiting was not recorded
  bool main_thread_only = false;
  uint64_t start_realtime_ns = 0;  // CLOCK_REALTIME
  uint64_t duration_ns = 0;        // of the program
  bool ended_by_signal = false;
  uint64_t end_value = 0;  // the signal's number, else the exit status
};

// Where it ran, for its processes' label: "node1", "node1 rank 3".
inline std::string LabelOf(const ArchivedRun& run) {
  return run.rank.empty() ? run.host : run.host + " rank " + run.rank;
}

// One process's recording: the file of src/recording, byte for byte.
struct ArchivedRecording {
  std::string bytes;
};

// The text of one source file as it ran, or why there is none.
struct ArchivedSource {
  std::string path;  // absolute
  SourceText text;
};

// In the order of the file: a run, then its recordings and sources, then the next run.
using ArchiveItem = std::variant<ArchivedRun, ArchivedRecording, ArchivedSource>;

}  // namespace lineprof

#endif  // LINEPROF_ARCHIVE_ARCHIVE_H_
