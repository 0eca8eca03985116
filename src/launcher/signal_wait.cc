#include "launcher/signal_wait.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <time.h>

#include <algorithm>
#include <vector>

#include "base/clock.h"
#include "base/file.h"

namespace lineprof {

SignalOrInput WaitForSignalOrInput(const sigset_t& signals, std::initializer_list<int> inputs,
                                   std::chrono::nanoseconds timeout) {
  const UniqueFd pending(signalfd(-1, &signals, SFD_CLOEXEC));
  std::vector<pollfd> waited = {{pending.get(), POLLIN, 0}};
  for (const int input : inputs) waited.push_back({input, POLLIN, 0});
  const timespec limit = ToTimespec(static_cast<uint64_t>(std::max<int64_t>(timeout.count(), 0)));
  SignalOrInput found;
  if (ppoll(waited.data(), waited.size(), &limit, nullptr) <= 0) return found;
  const timespec none{};
  siginfo_t info{};
  const int signal = sigtimedwait(&signals, &info, &none);
  if (signal > 0) {
    found.signal = signal;
    found.from_process = IsFromProcess(info);
  }
  const auto ready = std::find_if(waited.begin() + 1, waited.end(),
                                  [](const pollfd& each) { return each.revents != 0; });
  if (ready != waited.end()) found.input = ready->fd;
  return found;
}

}  // namespace lineprof
