#include "stack_tree.h"

namespace lineprof {

StackTree::StackTree(const std::vector<StackNode>& nodes)
    : preorder_(nodes), totals_(nodes.size()) {
  for (size_t i = nodes.size(); i-- > 1;) {
    totals_[i] += nodes[i].self;
    totals_[nodes[i].parent] += totals_[i];
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
    sums[thing] += totals_[node];
    last_end[thing] = preorder_.end()[position];
  }
  return sums;
}

}  // namespace lineprof
