#include "call_cycles.h"

#include <algorithm>

namespace lineprof {
namespace {

constexpr uint32_t kNone = 0xffffffffu;

class Search {
 public:
  explicit Search(const Profile& profile)
      : cycle_of(profile.functions.size(), kNone),
        callees_(profile.functions.size()),
        index_(profile.functions.size(), kNone),
        low_(profile.functions.size()) {
    for (const FunctionLine& line : profile.counts) {
      for (const CallCost& call : line.calls) {
        callees_[static_cast<size_t>(line.function)].push_back(static_cast<uint32_t>(call.callee));
      }
    }
  }

  void Run() {
    for (uint32_t function = 0; function < index_.size(); function++) {
      if (index_[function] == kNone) Visit(function);
    }
  }

  std::vector<uint32_t> cycle_of;
  std::vector<uint32_t> sizes;

 private:
  struct Step {
    uint32_t function;
    size_t next_callee;
  };

  void Begin(uint32_t function) {
    index_[function] = low_[function] = count_++;
    open_.push_back(function);
    path_.push_back({function, 0});
  }

  void Visit(uint32_t first) {
    Begin(first);
    while (!path_.empty()) {
      Step& step = path_.back();
      const uint32_t function = step.function;
      if (step.next_callee == callees_[function].size()) {
        path_.pop_back();
        End(function);
        continue;
      }
      const uint32_t callee = callees_[function][step.next_callee++];
      if (index_[callee] == kNone) {
        Begin(callee);
      } else if (cycle_of[callee] == kNone) {
        low_[function] = std::min(low_[function], index_[callee]);
      }
    }
  }

  void End(uint32_t function) {
    if (!path_.empty()) {
      uint32_t& low = low_[path_.back().function];
      low = std::min(low, low_[function]);
    }
    if (low_[function] != index_[function]) return;
    const auto cycle = static_cast<uint32_t>(sizes.size());
    sizes.push_back(0);
    while (cycle_of[function] == kNone) {
      cycle_of[open_.back()] = cycle;
      ++sizes.back();
      open_.pop_back();
    }
  }

  std::vector<std::vector<uint32_t>> callees_;
  std::vector<uint32_t> index_;  // in order of first visit
  std::vector<uint32_t> low_;    // the least index that is reached from there
  std::vector<uint32_t> open_;   // visited, and in no cycle yet
  std::vector<Step> path_;
  uint32_t count_ = 0;
};

}  // namespace

CallCycles::CallCycles(const Profile& profile) {
  Search search(profile);
  search.Run();
  cycle_of_ = std::move(search.cycle_of);
  sizes_ = std::move(search.sizes);
}

}  // namespace lineprof
