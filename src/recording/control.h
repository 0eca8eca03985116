// Whether a run is to be profiled now: one word in a file of the recording directory, which the
// launcher (--delay, --duration, --toggle-signal) and `lineprof ctl` write and every process of the
// run looks at.
//
// The directory is the user's own (0700), so nobody else can write it. THREAD: any.
#ifndef LINEPROF_RECORDING_CONTROL_H_
#define LINEPROF_RECORDING_CONTROL_H_

#include <atomic>
#include <cstdint>
#include <string>

#include "lineprof/result.h"

namespace lineprof {

// The file's bytes.
struct ControlWord {
  uint32_t paused;  // 1: not to be profiled; atomic
};

// Made by the launcher before the program starts. Fails with one line.
Result<void> CreateControl(const std::string& directory, bool paused);

// Fails with one line if there is none.
Result<bool> ReadPaused(const std::string& directory);
Result<void> WritePaused(const std::string& directory, bool paused);

// For the agent: the word as it is at any moment, for as long as the process and its forked
// children live; null if there is none. No descriptor stays open. Allocates no heap memory.
const ControlWord* MapControl(const char* directory);

inline bool IsPaused(const ControlWord* control) {
  return control != nullptr && std::atomic_ref<uint32_t>(const_cast<uint32_t&>(control->paused))
                                       .load(std::memory_order_relaxed) != 0;
}

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_CONTROL_H_
