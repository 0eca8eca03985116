#include "stack_tree.h"

namespace lineprof {

StackTree::StackTree(const std::vector<StackNode>& nodes) : nodes_(nodes), preorder_(nodes) {
  before_.reserve(nodes.size() + 1);
  Cost sum;
  before_.push_back(sum);
  for (uint32_t position = 0; position < nodes.size(); position++) {
    sum += NodeAt(position).self;
    before_.push_back(sum);
  }
}

Cost StackTree::Total(uint32_t position) const {
  const Cost& begin = before_[position];
  const Cost& end = before_[preorder_.end()[position]];
  return {end.hits - begin.hits, end.cpu_ns - begin.cpu_ns, end.wait_ns - begin.wait_ns};
}

std::vector<Cost> StackTree::SumOncePerStack(const std::vector<uint32_t>& thing_of,
                                             size_t count) const {
  std::vector<Cost> sums(count);
  std::vector<uint32_t> last_end(count);  // by thing: of the subtree last added
  for (uint32_t position = 1; position < nodes_.size(); position++) {
    const uint32_t thing = thing_of[NodeIndexAt(position)];
    if (thing == kNothing || position < last_end[thing]) continue;
    sums[thing] += Total(position);
    last_end[thing] = preorder_.end()[position];
  }
  return sums;
}

Cost StackTree::SumOncePerStack(std::span<const Member> members) const {
  Cost sum;
  uint32_t last_end = 0;  // of the subtree last added
  for (const Member& member : members) {
    if (member.position < last_end) continue;
    sum += Total(member.position);
    last_end = preorder_.end()[member.position];
  }
  return sum;
}

}  // namespace lineprof
