// The stacks of a profile as lists of frames, for formats that have a table of frames and name
// stacks by it: by function and line, or by function alone.
//
// Copies what it needs. THREAD: any.
#ifndef LINEPROF_REPORTS_STACK_FRAMES_H_
#define LINEPROF_REPORTS_STACK_FRAMES_H_

#include <cstdint>
#include <vector>

#include "lineprof/key_ids.h"
#include "lineprof/profile.h"

namespace lineprof {

struct LineFrame {
  FunctionId function{};
  uint32_t line = 0;
};

// The different functions' lines of the stack tree, numbered in order of first sight.
struct LineFrames {
  explicit LineFrames(const Profile& profile) : frame_of(profile.stacks.size()) {
    KeyIds<2> ids;
    for (size_t i = 1; i < profile.stacks.size(); i++) {
      const StackNode& node = profile.stacks[i];
      frame_of[i] = ids.Add({static_cast<uint32_t>(node.function), node.line});
    }
    for (const auto& [function, line] : ids.keys()) {
      frames.push_back({FunctionId{function}, line});
    }
  }

  std::vector<LineFrame> frames;
  std::vector<uint32_t> frame_of;  // in `frames`, by node of the stack tree
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
    KeyIds<2> ids;
    // By node of the profile's tree: the place of its last child, 0 before there is one. Where no
    // recursion was folded away, all children are frames of one function: most need no look-up.
    std::vector<uint32_t> last_child(profile.stacks.size());
    for (size_t i = 1; i < profile.stacks.size(); i++) {
      const StackNode& node = profile.stacks[i];
      uint32_t& place = last_child[node.parent];
      if (place == 0 || nodes[place].function != node.function) {
        const uint32_t parent = place_of[node.parent];
        place = ids.Add({parent, static_cast<uint32_t>(node.function)}) + 1;
        if (place == nodes.size()) nodes.push_back({parent, node.function, 0});
      }
      place_of[i] = place;
      nodes[place].self_ns += TimeNs(node.self, profile.clock);
    }
  }

  std::vector<FunctionNode> nodes;
  std::vector<uint32_t> place_of;  // in `nodes`, by node of the profile's stack tree
};

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_STACK_FRAMES_H_
