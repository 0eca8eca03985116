#include "options/signal_name.h"

#include <csignal>
#include <cstring>
#include <optional>

#include "options/values.h"

namespace lineprof {

int ParseSignal(const std::string& text) {
  const std::string name = text.starts_with("SIG") ? text.substr(3) : text;
  for (int signal = 1; signal < SIGRTMIN; ++signal) {
    const char* known = sigabbrev_np(signal);
    if (known != nullptr && name == known) return signal;
  }
  if (name == "RTMIN") return SIGRTMIN;
  const bool counts_from_rtmin = name.starts_with("RTMIN+");
  const std::optional<int> number = ParseInt(counts_from_rtmin ? name.substr(6) : text);
  if (!number || *number < 0 || *number > SIGRTMAX) return 0;
  if (counts_from_rtmin) return SIGRTMIN + *number <= SIGRTMAX ? SIGRTMIN + *number : 0;
  // Those between the named ones and SIGRTMIN are the C library's own.
  return *number >= SIGRTMIN || sigabbrev_np(*number) != nullptr ? *number : 0;
}

}  // namespace lineprof
