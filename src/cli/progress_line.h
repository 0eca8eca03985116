// The one line on a terminal that shows a long run is alive: `lineprof: 12.3 s, 12,300 samples, 3
// processes`.
//
// Written over itself and erased at the end. Not for log files: silent unless told that its
// descriptor is a terminal. THREAD: one.
#ifndef LINEPROF_CLI_PROGRESS_LINE_H_
#define LINEPROF_CLI_PROGRESS_LINE_H_

#include <cstdint>
#include <string>

namespace lineprof {

// What it says.
struct ProgressFacts {
  double elapsed_s = 0;
  uint64_t samples = 0;
  uint64_t processes = 0;
};

// "12.3 s, 12,300 samples, 3 processes"
std::string FormatProgress(const ProgressFacts& facts);

class ProgressLine {
 public:
  // Shows nothing at all if not `enabled`, and nothing before kSilentSeconds.
  ProgressLine(int fd, bool enabled) : fd_(fd), enabled_(enabled) {}
  ~ProgressLine() { Erase(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  static constexpr double kSilentSeconds = 2;

  void Show(const ProgressFacts& facts);
  void Erase();

 private:
  int fd_;
  bool enabled_;
  bool shown_ = false;
};

}  // namespace lineprof

#endif  // LINEPROF_CLI_PROGRESS_LINE_H_
