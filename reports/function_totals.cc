#include "function_totals.h"

#include "counted_functions.h"
#include "stack_tree.h"

namespace lineprof {
namespace {

uint32_t Index(FunctionId function) { return static_cast<uint32_t>(function); }

// By FunctionId.
std::vector<bool> IncludedFunctions(const Profile& profile) {
  std::vector<bool> included;
  included.reserve(profile.functions.size());
  for (uint32_t i = 0; i < profile.functions.size(); i++) {
    included.push_back(IsIncluded(profile, FunctionId{i}));
  }
  return included;
}

// The node whose call led to this one: mostly the parent; where recursion is folded away, the
// nearest above that makes the same call. 0 if there is none.
uint32_t CallerNode(const std::vector<StackNode>& nodes, const StackNode& callee) {
  uint32_t node = callee.parent;
  while (node != 0 && nodes[node].callee != callee.function) node = nodes[node].parent;
  return node;
}

std::vector<FunctionTotal> AddUpSampledFunctions(const Profile& profile) {
  const std::vector<StackNode>& nodes = profile.stacks;
  const std::vector<bool> included = IncludedFunctions(profile);
  std::vector<FunctionTotal> totals(profile.functions.size());
  std::vector<uint32_t> function_of(nodes.size(), StackTree::kNothing);
  for (size_t i = 1; i < nodes.size(); i++) {
    const StackNode& node = nodes[i];
    function_of[i] = Index(node.function);
    if (!included[Index(node.function)]) continue;
    totals[Index(node.function)].self += node.self;
    if (node.callee != kNoFunction) totals[Index(node.callee)].is_shown = true;
  }
  const std::vector<Cost> sums = StackTree(nodes).SumOncePerStack(function_of, totals.size());
  for (size_t i = 0; i < totals.size(); i++) {
    if (included[i]) totals[i].is_shown = true;
    totals[i].inclusive = sums[i];
    totals[i].primitive_calls = sums[i].hits;
  }
  return totals;
}

// The groups are functions; a thing is a line of one with what it calls there.
std::vector<FunctionLine> AddUpSampledLines(const Profile& profile) {
  const std::vector<bool> included = IncludedFunctions(profile);
  const StackTree tree(profile.stacks);
  const auto function_of = [&](const StackNode& node) {
    const bool has_cost = node.callee != kNoFunction || node.self != Cost{};
    return has_cost && included[Index(node.function)] ? Index(node.function) : StackTree::kNothing;
  };
  const auto call_of = [](const StackNode& node) {
    return uint64_t{node.line} << 32 | Index(node.callee);
  };
  std::vector<FunctionLine> lines;
  const auto add = [&](uint32_t function, std::span<const StackTree::Member> members) {
    const StackNode& first = tree.NodeAt(members[0].position);
    const bool is_new = lines.empty() || Index(lines.back().function) != function ||
                        lines.back().line != first.line;
    if (is_new) lines.push_back({first.function, first.line, {}, {}});
    FunctionLine& line = lines.back();
    for (const StackTree::Member& member : members) line.self += tree.NodeAt(member.position).self;
    if (first.callee == kNoFunction) return;
    line.calls.push_back({first.callee, tree.SumOncePerStack(members)});
  };
  tree.ForEachThing(profile.functions.size(), function_of, call_of, add);
  return lines;
}

static_assert(static_cast<uint32_t>(kNoFunction) == StackTree::kNothing);

// The groups are callees, the things their callers.
std::vector<CallerCost> AddUpSampledCallers(const Profile& profile) {
  const std::vector<StackNode>& nodes = profile.stacks;
  const std::vector<bool> included = IncludedFunctions(profile);
  const StackTree tree(nodes);
  std::vector<CallerCost> callers;
  std::vector<uint32_t> edge_of(nodes.size(), StackTree::kNothing);  // in `callers`
  const auto callee_of = [&](const StackNode& node) {
    return included[Index(node.function)] ? Index(node.callee) : StackTree::kNothing;
  };
  const auto caller_of = [](const StackNode& node) { return uint64_t{Index(node.function)}; };
  const auto add = [&](uint32_t callee, std::span<const StackTree::Member> members) {
    for (const StackTree::Member& member : members) {
      edge_of[tree.NodeIndexAt(member.position)] = static_cast<uint32_t>(callers.size());
    }
    const Cost inclusive = tree.SumOncePerStack(members);
    const FunctionId caller = tree.NodeAt(members[0].position).function;
    callers.push_back({FunctionId{callee}, caller, inclusive, {}, inclusive.hits});
  };
  tree.ForEachThing(profile.functions.size(), callee_of, caller_of, add);
  for (size_t i = 1; i < nodes.size(); i++) {
    if (nodes[i].self == Cost{} || !included[Index(nodes[i].function)]) continue;
    const uint32_t edge = edge_of[CallerNode(nodes, nodes[i])];
    if (edge != StackTree::kNothing) callers[edge].self += nodes[i].self;
  }
  return callers;
}

}  // namespace

std::vector<FunctionTotal> AddUpFunctions(const Profile& profile) {
  if (profile.mode == Mode::kDeterministic) return AddUpCountedFunctions(profile);
  return AddUpSampledFunctions(profile);
}

std::vector<FunctionLine> AddUpFunctionLines(const Profile& profile) {
  if (profile.mode == Mode::kDeterministic) return IncludedCounts(profile);
  return AddUpSampledLines(profile);
}

std::vector<CallerCost> AddUpCallers(const Profile& profile) {
  if (profile.mode == Mode::kDeterministic) return AddUpCountedCallers(profile);
  return AddUpSampledCallers(profile);
}

}  // namespace lineprof
