// The stack tree in the order of a walk, and sums over it in which a sample counts once, however
// often a thing stands on its stack.
//
// The idea of the walk: in preorder a subtree is an interval, so one array of ends says all about
// who is above whom, and a walk reads memory from front to back instead of following links. Where a
// node's interval begins is known once the sizes of the subtrees before it are, which two passes
// over the nodes give (parents stand before their children).
//
// The idea of the sums: the samples that have a node on their stack are the node's subtree, so what
// a thing (a function, a line, a call) costs with all it calls is the sum of the subtrees of those
// of its nodes that do not lie in another one's interval.
//
// Holds references to the nodes. THREAD: any.
#ifndef LINEPROF_REPORTS_STACK_TREE_H_
#define LINEPROF_REPORTS_STACK_TREE_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "lineprof/profile.h"

namespace lineprof {

// Nodes whose `parent` stands before them, node 0 being the root, in preorder.
class Preorder {
 public:
  template <typename Node>
  explicit Preorder(const std::vector<Node>& nodes)
      : order_(nodes.size()), end_(nodes.size()), depth_(nodes.size()) {
    std::vector<uint32_t> size(nodes.size(), 1);
    for (size_t i = nodes.size(); i-- > 1;) size[nodes[i].parent] += size[i];
    std::vector<uint32_t> next(nodes.size(), 1);  // by node: where its next child begins
    for (uint32_t i = 1; i < nodes.size(); i++) {
      const uint32_t parent = nodes[i].parent;
      const uint32_t position = next[parent];
      next[parent] += size[i];
      next[i] = position + 1;
      order_[position] = i;
      end_[position] = position + size[i];
      depth_[i] = depth_[parent] + 1;
    }
  }

  // Calls visit(node, depth) for each node but the root; those below the root have depth 1.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (size_t position = 1; position < order_.size(); position++) {
      visit(order_[position], depth_[order_[position]]);
    }
  }

  // By position, of which 0 is the root's: the node; where its subtree ends.
  const std::vector<uint32_t>& order() const { return order_; }
  const std::vector<uint32_t>& end() const { return end_; }

 private:
  std::vector<uint32_t> order_;
  std::vector<uint32_t> end_;
  std::vector<uint32_t> depth_;  // by node
};

class StackTree {
 public:
  // A node that is none of the things summed.
  static constexpr uint32_t kNothing = std::numeric_limits<uint32_t>::max();

  explicit StackTree(const std::vector<StackNode>& nodes);

  // By thing, of which there are `count`, the cost of the samples that have it on their stack.
  // `thing_of` names the thing that each node is.
  std::vector<Cost> SumOncePerStack(const std::vector<uint32_t>& thing_of, size_t count) const;

 private:
  Preorder preorder_;
  std::vector<Cost> totals_;  // by position: own cost and that of all below
};

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_STACK_TREE_H_
