// Sums over the stack tree in which a sample counts once, however often a thing stands on its
// stack.
//
// The idea: the samples that have a node on their stack are the node's subtree, so what a thing
// (a function, a line, a call) costs with all it calls is the sum of the subtrees of those of its
// nodes that have no node of the same thing above them. One walk of the tree that counts the things
// on the current path finds these in O(nodes), whatever the depth.
//
// Holds a reference to the profile's tree. THREAD: any.
#ifndef LINEPROF_REPORTS_STACK_TREE_H_
#define LINEPROF_REPORTS_STACK_TREE_H_

#include <array>
#include <cstdint>
#include <limits>
#include <unordered_map>
#include <vector>

#include "lineprof/profile.h"

namespace lineprof {

// Numbers the different keys that it is shown, in order of first sight.
class KeyIds {
 public:
  using Key = std::array<uint32_t, 3>;

  uint32_t Add(const Key& key);
  const std::vector<Key>& keys() const { return keys_; }

 private:
  struct Hash {
    size_t operator()(const Key& key) const;
  };
  std::unordered_map<Key, uint32_t, Hash> ids_;
  std::vector<Key> keys_;
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
  const std::vector<StackNode>& nodes_;
  std::vector<Cost> totals_;            // own cost and that of all below
  std::vector<uint32_t> first_child_;   // 0: none
  std::vector<uint32_t> next_sibling_;  // 0: none
};

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_STACK_TREE_H_
