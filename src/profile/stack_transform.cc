#include "profile/stack_transform.h"

#include <re2/re2.h>

#include <optional>
#include <unordered_map>
#include <utility>

#include "base/utf8.h"

namespace lineprof {
namespace {

// A tree of frames that is made path by path.
class TreeBuilder {
 public:
  TreeBuilder() : nodes_(1) {}

  // The node of that frame below `parent`, new or known.
  uint32_t Find(uint32_t parent, uint32_t code, int32_t instruction, uint32_t callee) {
    const Key key{uint64_t{parent} << 32 | code,
                  uint64_t{static_cast<uint32_t>(instruction)} << 32 | callee};
    const auto [found, is_new] = ids_.try_emplace(key, static_cast<uint32_t>(nodes_.size()));
    if (is_new) {
      RecordedNode& node = nodes_.emplace_back();
      node.parent = parent;
      node.code = code;
      node.instruction = instruction;
      node.callee = callee;
    }
    return found->second;
  }

  void AddCost(uint32_t node, const RecordedNode& cost) {
    nodes_[node].cpu_samples += cost.cpu_samples;
    nodes_[node].cpu_ns += cost.cpu_ns;
    nodes_[node].wait_samples += cost.wait_samples;
    nodes_[node].wait_ns += cost.wait_ns;
  }

  std::vector<RecordedNode> Take() { return std::move(nodes_); }

 private:
  using Key = std::pair<uint64_t, uint64_t>;
  struct KeyHash {
    size_t operator()(const Key& key) const {
      const uint64_t hash = (key.first * 0x9e3779b97f4a7c15u) ^ key.second;
      return (hash ^ hash >> 32) * 0x9e3779b97f4a7c15u;
    }
  };

  std::vector<RecordedNode> nodes_;
  std::unordered_map<Key, uint32_t, KeyHash> ids_;
};

// By code: whether its function's name matches.
std::vector<bool> MatchCodes(const Recording& recording, const Expressions& expressions) {
  std::vector<bool> matches;
  matches.reserve(recording.codes.size());
  for (const RecordedCode& code : recording.codes) {
    const std::string& name = code.qualified_name.empty() ? code.name : code.qualified_name;
    matches.push_back(!expressions.empty() && AnyMatches(expressions, EscapeInvalidUtf8(name)));
  }
  return matches;
}

StackTransform::Outcome KeepBelowRoots(const std::vector<RecordedNode>& nodes,
                                       const std::vector<bool>& is_root) {
  StackTransform::Outcome outcome;
  TreeBuilder tree;
  constexpr uint32_t kOutside = 0;
  std::vector<uint32_t> new_of(nodes.size(), kOutside);
  for (size_t i = 1; i < nodes.size(); i++) {
    const RecordedNode& node = nodes[i];
    const uint32_t parent = new_of[node.parent];
    if (parent == kOutside && !is_root[node.code]) {
      outcome.dropped_samples += node.cpu_samples + node.wait_samples;
      continue;
    }
    new_of[i] = tree.Find(parent, node.code, node.instruction, node.callee);
    tree.AddCost(new_of[i], node);
  }
  outcome.nodes = tree.Take();
  outcome.node_of = std::move(new_of);
  return outcome;
}

// A frame whose callee is not known yet: it depends on which of the frames below are folded.
struct Caller {
  uint32_t above = 0;  // the node, in the new tree, that the frame hangs under
  std::optional<RecordedNode> frame;
};

StackTransform::Outcome Fold(const std::vector<RecordedNode>& nodes,
                             const std::vector<bool>& is_folded) {
  StackTransform::Outcome outcome;
  outcome.node_of.resize(nodes.size());
  TreeBuilder tree;
  std::vector<Caller> callers(nodes.size());  // by node: what its children see above them
  for (size_t i = 1; i < nodes.size(); i++) {
    const RecordedNode& node = nodes[i];
    const Caller& caller = callers[node.parent];
    const bool is_innermost = node.callee == RecordedNode::kNoCallee;
    if (is_folded[node.code] && caller.frame) {
      const RecordedNode& frame = *caller.frame;
      if (is_innermost) {
        outcome.node_of[i] = tree.Find(caller.above, frame.code, frame.instruction, node.callee);
        tree.AddCost(outcome.node_of[i], node);
      }
      callers[i] = caller;
      continue;
    }
    uint32_t above = caller.above;
    if (caller.frame) {
      const RecordedNode& frame = *caller.frame;
      const uint32_t callee = is_folded[frame.callee] ? node.code : frame.callee;
      above = tree.Find(above, frame.code, frame.instruction, callee);
    }
    if (is_innermost) {
      outcome.node_of[i] = tree.Find(above, node.code, node.instruction, node.callee);
      tree.AddCost(outcome.node_of[i], node);
    } else {
      callers[i] = {above, node};
    }
  }
  outcome.nodes = tree.Take();
  return outcome;
}

}  // namespace

StackTransform::StackTransform() = default;
StackTransform::~StackTransform() = default;
StackTransform::StackTransform(StackTransform&&) noexcept = default;
StackTransform& StackTransform::operator=(StackTransform&&) noexcept = default;

Result<StackTransform> StackTransform::Create(const std::vector<std::string>& folds,
                                              const std::vector<std::string>& roots) {
  Result<Expressions> compiled_folds = CompileExpressions("--fold", folds);
  if (!compiled_folds) return Error{compiled_folds.error()};
  Result<Expressions> compiled_roots = CompileExpressions("--root", roots);
  if (!compiled_roots) return Error{compiled_roots.error()};
  StackTransform transform;
  transform.folds_ = std::move(compiled_folds).value();
  transform.roots_ = std::move(compiled_roots).value();
  return transform;
}

StackTransform::Outcome StackTransform::Apply(const Recording& recording) const {
  if (folds_.empty()) return KeepBelowRoots(recording.nodes, MatchCodes(recording, roots_));
  if (roots_.empty()) return Fold(recording.nodes, MatchCodes(recording, folds_));
  Outcome below = KeepBelowRoots(recording.nodes, MatchCodes(recording, roots_));
  Outcome folded = Fold(below.nodes, MatchCodes(recording, folds_));
  for (uint32_t& node : below.node_of) node = folded.node_of[node];
  return {std::move(folded.nodes), std::move(below.node_of), below.dropped_samples};
}

}  // namespace lineprof
