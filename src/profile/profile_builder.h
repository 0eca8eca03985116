// Recordings -> Profile: names files, decodes lines, adds processes up, applies filters.
//
// Files that are the same by shown name, and functions that are the same by file, first line and
// name, are one, whichever process they ran in.
#ifndef LINEPROF_PROFILE_PROFILE_BUILDER_H_
#define LINEPROF_PROFILE_PROFILE_BUILDER_H_

#include <span>
#include <string>
#include <vector>

#include "lineprof/profile.h"
#include "profile/filter.h"
#include "profile/source_cache.h"
#include "profile/stack_transform.h"
#include "recording/recording.h"

namespace lineprof {

// What one run left.
struct RunRecordings {
  std::vector<Recording> recordings;  // in any order
  std::string current_directory;      // of the user; names under it are shown relative
  std::string label;                  // Process::label of its processes
};

struct BuildOptions {
  std::string command_line;  // shell-quoted
  Mode mode = Mode::kStatistical;
  Clock clock = Clock::kWall;
  double period_s = 0;
  // --exclude-syspath: leave out the interpreter's own library. That is what is frozen into it
  // (`<frozen ...>`) and what lies under one of the recording's library_directories, which list its
  // standard library and its site-packages and dist-packages directories. Compared by whole path
  // components, symbolic links not followed. Never the main script, wherever it lies.
  bool exclude_library = false;
};

// Which files are reported, and what is made of the stacks.
struct Selection {
  Filter files;
  StackTransform stacks;
};

// Builds the profile of one run, or of several together. Refused recordings (Recording::refusal)
// only give a note. Files that the selection excludes keep no lines of their own, but calls into
// them stay on the lines that make them. Deterministic: the same recordings and sources give the
// same profile. REQUIRES: sound recordings, as ReadRecording gives them; of several runs, with
// start_monotonic_ns on one time axis. THREAD: any, one at a time per `sources`.
Profile BuildProfile(std::span<const RunRecordings> runs, const Selection& selection,
                     SourceCache& sources, const BuildOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_PROFILE_BUILDER_H_
