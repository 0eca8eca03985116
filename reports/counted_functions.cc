#include "counted_functions.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "call_cycles.h"

namespace lineprof {
namespace {

size_t Index(FunctionId function) { return static_cast<size_t>(function); }

class CountSums {
 public:
  explicit CountSums(const Profile& profile)
      : profile_(profile),
        cycles_(profile),
        is_counted_(profile.functions.size()),
        cycle_totals_(cycles_.sizes().size()),
        called_(profile.functions.size()),
        entered_ns_(profile.functions.size()),
        totals_(profile.functions.size()) {
    for (const FunctionLine& line : profile_.counts) AddLine(line);
    for (uint32_t i = 0; i < profile_.functions.size(); i++) SumFunction(FunctionId{i});
  }

  std::vector<FunctionTotal> Functions() { return std::move(totals_); }

  std::vector<CallerCost> Callers() const {
    std::vector<CallerCost> callers;
    for (const auto& [key, inclusive] : callers_) {
      callers.push_back(Caller(key.first, key.second, inclusive));
    }
    return callers;
  }

 private:
  bool IsRecursion(FunctionId caller, FunctionId callee) const {
    return cycles_.Of(caller) == cycles_.Of(callee);
  }

  void AddLine(const FunctionLine& line) {
    const bool is_included = IsIncluded(profile_, line.function);
    FunctionTotal& total = totals_[Index(line.function)];
    is_counted_[Index(line.function)] = true;
    Cost& cycle = cycle_totals_[cycles_.Of(line.function)];
    cycle += line.self;
    for (const CallCost& call : line.calls) {
      called_[Index(call.callee)] += call.inclusive;
      if (!IsRecursion(line.function, call.callee)) {
        cycle += call.inclusive;
        totals_[Index(call.callee)].primitive_calls += call.inclusive.hits;
        entered_ns_[Index(call.callee)] += call.inclusive.cpu_ns;
      }
      if (!is_included) continue;
      callers_[{call.callee, line.function}] += call.inclusive;
      totals_[Index(call.callee)].is_shown = true;
    }
    if (!is_included) return;
    total.is_shown = true;
    total.self += line.self;
  }

  void SumFunction(FunctionId function) {
    FunctionTotal& total = totals_[Index(function)];
    const Cost& called = called_[Index(function)];
    const uint32_t cycle = cycles_.Of(function);
    total.inclusive = called;
    if (!is_counted_[Index(function)]) return;
    uint64_t& time_ns = total.inclusive.cpu_ns;
    // Calls from outside the cycle never overlap. (They are more than all by what the clock errs.)
    const uint64_t least_ns = std::max(total.self.cpu_ns, entered_ns_[Index(function)]);
    const uint64_t most_ns = std::max(cycle_totals_[cycle].cpu_ns, least_ns);
    const bool is_bounded_by_calls = cycles_.sizes()[cycle] > 1 && called.hits > 0;
    time_ns = is_bounded_by_calls ? std::clamp(time_ns, least_ns, most_ns) : most_ns;
    total.inclusive.hits = std::max<uint64_t>(called.hits, 1);
    total.primitive_calls = std::max<uint64_t>(total.primitive_calls, 1);
  }

  CallerCost Caller(FunctionId callee, FunctionId caller, const Cost& inclusive) const {
    const Cost& self = totals_[Index(callee)].self;
    const uint64_t calls = called_[Index(callee)].hits;
    const double share =
        calls == 0 ? 0 : static_cast<double>(inclusive.hits) / static_cast<double>(calls);
    CallerCost cost{callee, caller, inclusive, {}, 0};
    cost.self.cpu_ns =
        static_cast<uint64_t>(std::llround(static_cast<double>(self.cpu_ns) * share));
    if (!IsRecursion(caller, callee)) cost.primitive_calls = inclusive.hits;
    return cost;
  }

  const Profile& profile_;
  const CallCycles cycles_;
  std::vector<bool> is_counted_;      // by function: it has lines
  std::vector<Cost> cycle_totals_;    // own cost, and calls that leave it
  std::vector<Cost> called_;          // by function: all calls of it
  std::vector<uint64_t> entered_ns_;  // by function: calls from outside its cycle
  std::map<std::pair<FunctionId, FunctionId>, Cost> callers_;  // by callee, caller
  std::vector<FunctionTotal> totals_;                          // by function
};

}  // namespace

std::vector<FunctionTotal> AddUpCountedFunctions(const Profile& profile) {
  return CountSums(profile).Functions();
}

std::vector<CallerCost> AddUpCountedCallers(const Profile& profile) {
  return CountSums(profile).Callers();
}

std::vector<FunctionLine> IncludedCounts(const Profile& profile) {
  std::vector<FunctionLine> lines;
  for (const FunctionLine& line : profile.counts) {
    if (IsIncluded(profile, line.function)) lines.push_back(line);
  }
  return lines;
}

Cost InclusiveOf(const FunctionLine& line, const FunctionTotal& function) {
  Cost cost = line.self;
  for (const CallCost& call : line.calls) cost.cpu_ns += call.inclusive.cpu_ns;
  cost.cpu_ns = std::min(cost.cpu_ns, function.inclusive.cpu_ns);
  return cost;
}

}  // namespace lineprof
