// What the launcher tells the agent, through one environment variable that children inherit.
#ifndef LINEPROF_RECORDING_SETTINGS_H_
#define LINEPROF_RECORDING_SETTINGS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "lineprof/result.h"

namespace lineprof {

struct Settings {
  std::string directory;           // where recordings go; absolute, exists, mode 0700
  uint64_t period_ns = 1'000'000;  // 50 us to 1 s
  bool watch_waiting = true;       // false: only CPU time is asked for (--clock cpu)
  bool main_thread_only = false;   // --threads 0
  int signal = 0;                  // signal number for ticks; 0: the default
  enum class Timer : uint32_t { kAuto, kPerf, kMonotonic };
  Timer timer = Timer::kAuto;   // kPerf: refuse rather than fall back
  uint64_t timeline_limit = 0;  // samples to keep in their order too
  bool by_thread = false;       // stacks are told apart by thread (--per-thread)
  bool by_task = false;         // and by asyncio task (--async)

  // Deterministic mode: lines are counted, not sampled; of the above only the directory matters.
  bool trace = false;
  bool trace_filtered = false;   // the launcher says which code to count (choice_channel.h)
  bool trace_named = false;      // and needs the names of functions for that
  bool trace_decorated = false;  // only functions decorated with @profile
  bool trace_verbose = false;    // a line on standard error for each event
  int launcher = 0;              // process id; the parent of the program that was asked for
  friend bool operator==(const Settings&, const Settings&) = default;
};

// The variable's name.
inline constexpr char kSettingsVariable[] = "LINEPROF_SETTINGS";

// `key=value` pairs joined by ';', the directory last (it may hold any byte but NUL).
std::string EncodeSettings(const Settings& settings);

// Fails with one line on anything EncodeSettings does not write. Never reads past `text`.
Result<Settings> DecodeSettings(std::string_view text);

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_SETTINGS_H_
