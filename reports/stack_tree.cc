#include "stack_tree.h"

namespace lineprof {

size_t KeyIds::Hash::operator()(const Key& key) const {
  uint64_t hash = 0;
  for (uint32_t part : key) {
    hash = (hash + part + 1) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 32;
  }
  return hash;
}

uint32_t KeyIds::Add(const Key& key) {
  auto [found, is_new] = ids_.try_emplace(key, static_cast<uint32_t>(keys_.size()));
  if (is_new) keys_.push_back(key);
  return found->second;
}

// Children stand after their parents: from the end, each total is whole when it is handed up.
StackTree::StackTree(const std::vector<StackNode>& nodes)
    : nodes_(nodes),
      totals_(nodes.size()),
      first_child_(nodes.size()),
      next_sibling_(nodes.size()) {
  for (size_t i = nodes.size(); i-- > 1;) {
    const uint32_t parent = nodes[i].parent;
    totals_[i] += nodes[i].self;
    totals_[parent] += totals_[i];
    next_sibling_[i] = first_child_[parent];
    first_child_[parent] = static_cast<uint32_t>(i);
  }
}

// By its links, depth first: stacks are too deep for recursion.
std::vector<Cost> StackTree::SumOncePerStack(const std::vector<uint32_t>& thing_of,
                                             size_t count) const {
  std::vector<Cost> sums(count);
  std::vector<uint32_t> on_path(count);
  const auto enter = [&](uint32_t node) {
    const uint32_t thing = thing_of[node];
    if (thing != kNothing && on_path[thing]++ == 0) sums[thing] += totals_[node];
  };
  const auto leave = [&](uint32_t node) {
    if (thing_of[node] != kNothing) --on_path[thing_of[node]];
  };
  uint32_t node = nodes_.empty() ? 0 : first_child_[0];
  while (node != 0) {
    enter(node);
    if (first_child_[node] != 0) {
      node = first_child_[node];
      continue;
    }
    leave(node);
    while (node != 0 && next_sibling_[node] == 0) {
      node = nodes_[node].parent;
      if (node != 0) leave(node);
    }
    node = next_sibling_[node];
  }
  return sums;
}

}  // namespace lineprof
