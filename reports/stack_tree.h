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
// of its nodes that do not lie in another one's interval. A subtree's sum is the difference of two
// running sums over the walk.
//
// Holds references to the nodes. THREAD: any.
#ifndef LINEPROF_REPORTS_STACK_TREE_H_
#define LINEPROF_REPORTS_STACK_TREE_H_

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "lineprof/profile.h"

namespace lineprof {

// Nodes whose `parent` stands before them, node 0 being the root, in preorder.
class Preorder {
 public:
  template <typename Node>
  explicit Preorder(const std::vector<Node>& nodes) : order_(nodes.size()), end_(nodes.size()) {
    std::vector<uint32_t> size(nodes.size(), 1);
    for (size_t i = nodes.size(); i-- > 1;) size[nodes[i].parent] += size[i];
    std::vector<uint32_t>& next = size;  // by node: where its next child begins, once it is placed
    if (!nodes.empty()) next[0] = 1;
    for (uint32_t i = 1; i < nodes.size(); i++) {
      const uint32_t position = next[nodes[i].parent];
      const uint32_t end = position + size[i];
      next[nodes[i].parent] = end;
      next[i] = position + 1;
      order_[position] = i;
      end_[position] = end;
    }
  }

  // Calls visit(node, depth) for each node but the root; those below the root have depth 1.
  template <typename Visit>
  void ForEach(Visit visit) const {
    std::vector<uint32_t> open_ends;  // of the subtrees that the walk is in
    for (uint32_t position = 1; position < order_.size(); position++) {
      while (!open_ends.empty() && open_ends.back() <= position) open_ends.pop_back();
      open_ends.push_back(end_[position]);
      visit(order_[position], static_cast<uint32_t>(open_ends.size()));
    }
  }

  // By position, of which 0 is the root's: the node; where its subtree ends.
  const std::vector<uint32_t>& order() const { return order_; }
  const std::vector<uint32_t>& end() const { return end_; }

 private:
  std::vector<uint32_t> order_;
  std::vector<uint32_t> end_;
};

class StackTree {
 public:
  // A node that is none of the things summed.
  static constexpr uint32_t kNothing = std::numeric_limits<uint32_t>::max();

  // A node that stands for a thing of a group.
  struct Member {
    uint64_t thing = 0;     // told apart within the group
    uint32_t position = 0;  // in preorder
  };

  explicit StackTree(const std::vector<StackNode>& nodes);

  // By thing, of which there are `count`, the cost of the samples that have it on their stack.
  // `thing_of` names the thing that each node is.
  std::vector<Cost> SumOncePerStack(const std::vector<uint32_t>& thing_of, size_t count) const;

  // Calls visit(group, std::span<const Member>) for each thing, by group and thing.
  // group_of(const StackNode&) is less than `groups`, or kNothing; thing_of(node) a uint64_t.
  //
  // Counts the nodes of each group, puts them side by side and sorts within the groups, which are
  // small where there are many nodes: no table of all things is searched at random.
  template <typename GroupOf, typename ThingOf, typename Visit>
  void ForEachThing(size_t groups, GroupOf group_of, ThingOf thing_of, Visit visit) const;

  // The cost of the samples that have one of these nodes, which are one thing's, on their stack.
  Cost SumOncePerStack(std::span<const Member> members) const;

  const StackNode& NodeAt(uint32_t position) const { return nodes_[NodeIndexAt(position)]; }
  uint32_t NodeIndexAt(uint32_t position) const { return preorder_.order()[position]; }

 private:
  // Own cost and that of all below.
  Cost Total(uint32_t position) const;

  const std::vector<StackNode>& nodes_;
  Preorder preorder_;
  std::vector<Cost> before_;  // by position, and the end: the own costs of all positions before it
};

template <typename GroupOf, typename ThingOf, typename Visit>
void StackTree::ForEachThing(size_t groups, GroupOf group_of, ThingOf thing_of, Visit visit) const {
  std::vector<uint32_t> ends(groups + 1);  // by group; first sizes, then begins, then ends
  const auto for_each_node = [&](auto use) {
    for (uint32_t position = 1; position < nodes_.size(); position++) {
      const StackNode& node = NodeAt(position);
      const uint32_t group = group_of(node);
      if (group != kNothing) use(group, node, position);
    }
  };
  for_each_node([&](uint32_t group, const StackNode&, uint32_t) { ends[group + 1]++; });
  for (size_t group = 0; group < groups; group++) ends[group + 1] += ends[group];
  std::vector<Member> members(ends[groups]);
  for_each_node([&](uint32_t group, const StackNode& node, uint32_t position) {
    members[ends[group]++] = {thing_of(node), position};
  });
  auto begin = members.begin();
  for (uint32_t group = 0; group < groups; group++) {
    const auto group_end = members.begin() + ends[group];
    std::sort(begin, group_end, [](const Member& a, const Member& b) {
      return a.thing != b.thing ? a.thing < b.thing : a.position < b.position;
    });
    while (begin != group_end) {
      const auto end = std::find_if(begin, group_end, [thing = begin->thing](const Member& member) {
        return member.thing != thing;
      });
      visit(group, std::span<const Member>(begin, end));
      begin = end;
    }
  }
}

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_STACK_TREE_H_
