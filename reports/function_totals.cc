#include "function_totals.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "counted_functions.h"
#include "key_ids.h"
#include "stack_tree.h"

namespace lineprof {
namespace {

uint32_t Index(FunctionId function) { return static_cast<uint32_t>(function); }

class FunctionSums {
 public:
  explicit FunctionSums(const Profile& profile)
      : profile_(profile), nodes_(profile.stacks), tree_(profile.stacks) {
    totals_.functions.resize(profile.functions.size());
    for (uint32_t i = 0; i < profile.functions.size(); i++) {
      included_.push_back(IsIncluded(profile, FunctionId{i}));
      totals_.functions[i].is_shown = included_[i];
    }
  }

  FunctionTotals Sum() {
    SumFunctions();
    SumLines();
    SumCallers();
    return std::move(totals_);
  }

 private:
  bool IsShownCall(const StackNode& node) const {
    return node.callee != kNoFunction && included_[Index(node.function)];
  }

  void SumFunctions() {
    std::vector<uint32_t> function_of(nodes_.size(), StackTree::kNothing);
    for (size_t i = 1; i < nodes_.size(); i++) function_of[i] = Index(nodes_[i].function);
    const auto sums = tree_.SumOncePerStack(function_of, profile_.functions.size());
    for (size_t i = 0; i < sums.size(); i++) {
      totals_.functions[i].inclusive = sums[i];
      totals_.functions[i].primitive_calls = sums[i].hits;
    }
  }

  // Own costs, and calls: a key of the latter is (function, line, callee), of the former has no
  // callee.
  void SumLines() {
    KeyIds ids;
    std::vector<Cost> selves;
    std::vector<uint32_t> call_of(nodes_.size(), StackTree::kNothing);
    for (size_t i = 1; i < nodes_.size(); i++) {
      const StackNode& node = nodes_[i];
      if (!included_[Index(node.function)]) continue;
      if (IsShownCall(node)) {
        call_of[i] = ids.Add({Index(node.function), node.line, Index(node.callee)});
      }
      if (node.self == Cost{}) continue;
      const uint32_t id = ids.Add({Index(node.function), node.line, Index(kNoFunction)});
      selves.resize(std::max<size_t>(selves.size(), id + 1));
      selves[id] += node.self;
      totals_.functions[Index(node.function)].self += node.self;
    }
    selves.resize(ids.keys().size());
    ArrangeLines(ids.keys(), selves, tree_.SumOncePerStack(call_of, ids.keys().size()));
  }

  void ArrangeLines(const std::vector<KeyIds::Key>& keys, const std::vector<Cost>& selves,
                    const std::vector<Cost>& calls) {
    for (uint32_t id : Sorted(keys)) {
      const auto& [function, line, callee] = keys[id];
      std::vector<FunctionLine>& lines = totals_.lines;
      if (lines.empty() || Index(lines.back().function) != function || lines.back().line != line) {
        lines.push_back({FunctionId{function}, line, {}, {}});
      }
      if (FunctionId{callee} == kNoFunction) {
        lines.back().self = selves[id];
      } else {
        lines.back().calls.push_back({FunctionId{callee}, calls[id]});
        totals_.functions[callee].is_shown = true;
      }
    }
  }

  void SumCallers() {
    KeyIds ids;
    std::vector<uint32_t> edge_of(nodes_.size(), StackTree::kNothing);
    for (size_t i = 1; i < nodes_.size(); i++) {
      const StackNode& node = nodes_[i];
      if (IsShownCall(node)) edge_of[i] = ids.Add({Index(node.callee), Index(node.function), 0});
    }
    const auto inclusive = tree_.SumOncePerStack(edge_of, ids.keys().size());
    std::vector<Cost> selves(ids.keys().size());
    for (size_t i = 1; i < nodes_.size(); i++) {
      if (nodes_[i].self == Cost{} || !included_[Index(nodes_[i].function)]) continue;
      const uint32_t node = CallerNode(nodes_[i]);
      if (node != 0 && edge_of[node] != StackTree::kNothing)
        selves[edge_of[node]] += nodes_[i].self;
    }
    for (uint32_t id : Sorted(ids.keys())) {
      const auto& [callee, caller, unused] = ids.keys()[id];
      totals_.callers.push_back(
          {FunctionId{callee}, FunctionId{caller}, inclusive[id], selves[id], inclusive[id].hits});
    }
  }

  // The node whose call led to this one: mostly the parent; where recursion is folded away, the
  // nearest above that makes the same call. 0 if there is none.
  uint32_t CallerNode(const StackNode& callee) const {
    uint32_t node = callee.parent;
    while (node != 0 && nodes_[node].callee != callee.function) node = nodes_[node].parent;
    return node;
  }

  // Their numbers, by key. Sorts the keys with them: looking each up would be a random access to
  // memory for each comparison.
  static std::vector<uint32_t> Sorted(const std::vector<KeyIds::Key>& keys) {
    std::vector<std::array<uint32_t, 4>> numbered;
    numbered.reserve(keys.size());
    for (uint32_t i = 0; i < keys.size(); i++) {
      numbered.push_back({keys[i][0], keys[i][1], keys[i][2], i});
    }
    std::sort(numbered.begin(), numbered.end(), [](const auto& a, const auto& b) {
      return std::tie(a[0], a[1], a[2]) < std::tie(b[0], b[1], b[2]);
    });
    std::vector<uint32_t> order;
    order.reserve(keys.size());
    for (const auto& key : numbered) order.push_back(key[3]);
    return order;
  }

  const Profile& profile_;
  const std::vector<StackNode>& nodes_;
  const StackTree tree_;
  std::vector<bool> included_;  // index: FunctionId
  FunctionTotals totals_;
};

}  // namespace

FunctionTotals AddUpFunctions(const Profile& profile) {
  if (profile.mode == Mode::kDeterministic) return AddUpCountedFunctions(profile);
  return FunctionSums(profile).Sum();
}

}  // namespace lineprof
