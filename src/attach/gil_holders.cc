#include "attach/gil_holders.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace lineprof {

std::set<pid_t> GilHolders::Of(pid_t pid) {
  auto known = processes_.find(pid);
  if (known == processes_.end()) {
    if (failures_[pid] >= kTries) return {};
    Result<Target> target = FindTarget(pid);
    if (!target.ok()) {
      failures_[pid]++;
      return {};
    }
    known = processes_.emplace(pid, std::make_unique<Process>(std::move(target).value())).first;
  }
  PythonThreads& threads = known->second->threads;
  std::set<pid_t> holders;
  for (const PythonThread& thread : threads.List()) {
    const bool has_one =
        std::any_of(thread.states.begin(), thread.states.end(),
                    [&](uint64_t state) { return threads.GilHolder(state) == state; });
    if (has_one) holders.insert(thread.tid);
  }
  return holders;
}

}  // namespace lineprof
