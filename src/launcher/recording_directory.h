// The private directory that one run's recordings go to.
//
// Made with mode 0700 where there is room; removed with all that is in it when the owner ends,
// unless Keep was called. Owns the directory, not the recordings' format. THREAD: one.
#ifndef LINEPROF_LAUNCHER_RECORDING_DIRECTORY_H_
#define LINEPROF_LAUNCHER_RECORDING_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lineprof/result.h"

namespace lineprof {

class RecordingDirectory {
 public:
  // Makes one in the first of `parents` that is an absolute path, can be written and has
  // `min_free_bytes`. Fails with one line that names the last one tried and why not.
  static Result<RecordingDirectory> Create(const std::vector<std::string>& parents,
                                           uint64_t min_free_bytes);

  ~RecordingDirectory();
  RecordingDirectory(RecordingDirectory&& other) noexcept;
  RecordingDirectory& operator=(RecordingDirectory&&) = delete;
  RecordingDirectory(const RecordingDirectory&) = delete;
  RecordingDirectory& operator=(const RecordingDirectory&) = delete;

  const std::string& path() const { return path_; }

  // Leaves the directory in place for its user to look at.
  void Keep() { keep_ = true; }

 private:
  explicit RecordingDirectory(std::string path) : path_(std::move(path)) {}

  std::string path_;
  bool keep_ = false;
};

// XDG_RUNTIME_DIR and TMPDIR, where set, and /tmp.
std::vector<std::string> RecordingParents();

inline constexpr uint64_t kMinFreeBytes = uint64_t{64} << 20;

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_RECORDING_DIRECTORY_H_
