#include "stack_tree.h"

namespace lineprof {

StackTree::StackTree(const std::vector<StackNode>& nodes)
    : preorder_(nodes), totals_(nodes.size()) {
  std::vector<Cost> total_of(nodes.size());  // by node
  for (size_t i = nodes.size(); i-- > 1;) {
    total_of[i] += nodes[i].self;
    total_of[nodes[i].parent] += total_of[i];
  }
  for (size_t position = 1; position < nodes.size(); position++) {
    totals_[position] = total_of[preorder_.order()[position]];
  }
}

std::vector<Cost> StackTree::SumOncePerStack(const std::vector<uint32_t>& thing_of,
                                             size_t count) const {
  std::vector<Cost> sums(count);
  std::vector<uint32_t> last_end(count);  // by thing: of the subtree last added
  for (uint32_t position = 1; position < preorder_.order().size(); position++) {
    const uint32_t node = preorder_.order()[position];
    const uint32_t thing = thing_of[node];
    if (thing == kNothing || position < last_end[thing]) continue;
    sums[thing] += totals_[position];
    last_end[thing] = preorder_.end()[position];
  }
  return sums;
}

}  // namespace lineprof
