// --fold and --root: what becomes of the stacks of a recording before they are added up.
//
// The idea: a recording is a tree of frames, and each sample is a path in it. --root cuts the part
// of a path above the outermost matching frame off, and drops paths without one. --fold takes
// matching frames out of a path: the frame that called one now calls what that one called, and
// where it was the innermost, its caller's line is where the time was spent. The new paths make a
// new tree, so a sample still counts once, however often a function stood on its stack.
//
// Matches are RE2 searches on the qualified name (before 3.11 the plain name) of a function. A
// matching frame without a caller left cannot be folded and stays. Where recursion was folded by
// the recorder, the frames between a call of a folded function and the next recorded one are not
// known: that one is then taken for what was called. THREAD: any.
#ifndef LINEPROF_PROFILE_STACK_TRANSFORM_H_
#define LINEPROF_PROFILE_STACK_TRANSFORM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "lineprof/result.h"
#include "profile/expressions.h"
#include "recording/recording.h"

namespace lineprof {

class StackTransform {
 public:
  struct Outcome {
    std::vector<RecordedNode> nodes;  // as Recording::nodes, but a call may repeat on a path
    // Where the innermost frames of Recording::nodes are now; 0: dropped, or no innermost frame.
    std::vector<uint32_t> node_of;
    uint64_t dropped_samples = 0;  // of stacks that are not below a root
  };

  // Compiles the expressions. Fails with one line that names the option, the expression and RE2's
  // reason.
  static Result<StackTransform> Create(const std::vector<std::string>& folds,
                                       const std::vector<std::string>& roots);

  // Nothing is asked for: Apply would give the same stacks.
  bool empty() const { return folds_.empty() && roots_.empty(); }

  // First the roots, then the folds. O(nodes). REQUIRES: a sound recording; not empty().
  Outcome Apply(const Recording& recording) const;

  StackTransform();  // changes nothing
  ~StackTransform();
  StackTransform(StackTransform&&) noexcept;
  StackTransform& operator=(StackTransform&&) noexcept;

 private:
  Expressions folds_;
  Expressions roots_;
};

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_STACK_TRANSFORM_H_
