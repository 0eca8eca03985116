// The stacks of a profile as lists of frames, for formats that have a table of frames and name
// stacks by it: by function and line, or by function alone.
//
// Holds references to the profile. THREAD: any.
#ifndef LINEPROF_REPORTS_STACK_FRAMES_H_
#define LINEPROF_REPORTS_STACK_FRAMES_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "lineprof/profile.h"
#include "stack_tree.h"

namespace lineprof {

// The different (function, line) pairs of the stack tree, numbered in order of first sight.
class LineFrames {
 public:
  struct Frame {
    FunctionId function{};
    uint32_t line = 0;
  };

  explicit LineFrames(const Profile& profile)
      : nodes_(profile.stacks), frame_of_(profile.stacks.size()) {
    KeyIds ids;
    for (size_t i = 1; i < nodes_.size(); i++) {
      frame_of_[i] = ids.Add({static_cast<uint32_t>(nodes_[i].function), nodes_[i].line, 0});
    }
    for (const auto& [function, line, unused] : ids.keys()) {
      frames_.push_back({FunctionId{function}, line});
    }
  }

  const std::vector<Frame>& all() const { return frames_; }

  // Sets `path` to the frames from the outermost to that of `node`, as indices into all().
  void PathTo(uint32_t node, std::vector<uint32_t>& path) const {
    path.clear();
    for (; node != 0; node = nodes_[node].parent) path.push_back(frame_of_[node]);
    std::reverse(path.begin(), path.end());
  }

 private:
  const std::vector<StackNode>& nodes_;
  std::vector<uint32_t> frame_of_;  // by node
  std::vector<Frame> frames_;
};

// The stack tree without lines: what calls the same functions is the same. Nodes stand after their
// parent; node 0 is the root.
struct FunctionNode {
  uint32_t parent = 0;
  FunctionId function{};
  uint64_t self_ns = 0;
};

struct FunctionTree {
  explicit FunctionTree(const Profile& profile) : nodes(1), place_of(profile.stacks.size()) {
    KeyIds ids;
    for (size_t i = 1; i < profile.stacks.size(); i++) {
      const StackNode& node = profile.stacks[i];
      const uint32_t parent = place_of[node.parent];
      place_of[i] = ids.Add({parent, static_cast<uint32_t>(node.function), 0}) + 1;
      if (place_of[i] == nodes.size()) nodes.push_back({parent, node.function, 0});
      nodes[place_of[i]].self_ns += TimeNs(node.self, profile.clock);
    }
  }

  std::vector<FunctionNode> nodes;
  std::vector<uint32_t> place_of;  // in `nodes`, by node of the profile's stack tree
};

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_STACK_FRAMES_H_
