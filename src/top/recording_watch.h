// Looks at the recordings of a directory now and then, while they are being written, and keeps the
// three snapshots that top shows differences of.
//
// The directory is all that it knows of what is watched: whoever records there, a run's agents or
// an attached session, is watched alike. A recording that cannot be read (yet) is left for the
// next look; one of an ended process is read once. Only sampled recordings are looked at.
// THREAD: one.
#ifndef LINEPROF_TOP_RECORDING_WATCH_H_
#define LINEPROF_TOP_RECORDING_WATCH_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "profile/profile_builder.h"
#include "recording/recording.h"
#include "top/cost_snapshot.h"
#include "top/table.h"

namespace lineprof {

class RecordingWatch {
 public:
  struct Options {
    std::string directory;
    std::optional<int64_t> pid;  // only this process's recordings
    std::string current_directory;
    bool exclude_library = false;
  };

  // Totals are told since now. `selection` must outlive it.
  RecordingWatch(Options options, const Selection& selection);

  // Takes a snapshot. Looking at everything again takes time that grows with the recordings: see
  // Rest.
  void Look();

  // How long to wait after the last look, at least: so that looking takes no more than 3 % of a
  // processor.
  std::chrono::nanoseconds Rest() const { return work_ * kRestPerWork; }

  // Totals are told since the last look.
  void Reset() { looks_.start = looks_.now; }

  // What was recorded before top came does not count: totals and rates are told since the first
  // look. REQUIRES: that one has been taken, and no other.
  void BeginHere() { looks_.start = looks_.previous = looks_.now; }

  const Looks& looks() const { return looks_; }
  const Places& places() const { return places_; }

 private:
  static constexpr int kRestPerWork = 32;

  void ReadRecordings();

  Options options_;
  const Selection& selection_;
  RunRecordings run_;
  std::map<std::string, size_t> index_of_;  // in run_, by path
  Places places_;
  Looks looks_;
  std::chrono::nanoseconds work_{0};  // CPU time of the last look
};

}  // namespace lineprof

#endif  // LINEPROF_TOP_RECORDING_WATCH_H_
