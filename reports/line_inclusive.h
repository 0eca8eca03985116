// What lines cost with all that they call, each sample once: adding a line's own cost and its calls
// would count twice what recursion brings to the line again. Of a deterministic profile that sum is
// all there is; counted_functions.h bounds it. THREAD: any.
#ifndef LINEPROF_REPORTS_LINE_INCLUSIVE_H_
#define LINEPROF_REPORTS_LINE_INCLUSIVE_H_

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "counted_functions.h"
#include "lineprof/key_ids.h"
#include "lineprof/profile.h"
#include "stack_tree.h"

namespace lineprof {

// By FileId, then by line.
using InclusiveLines = std::vector<std::unordered_map<uint32_t, Cost>>;

inline InclusiveLines AddUpInclusiveCounts(const Profile& profile) {
  const std::vector<FunctionTotal> totals = AddUpFunctions(profile);
  InclusiveLines lines(profile.files.size());
  for (const FunctionLine& line : AddUpFunctionLines(profile)) {
    const auto function = static_cast<size_t>(line.function);
    const auto file = static_cast<size_t>(profile.functions[function].file);
    lines[file][line.line] += InclusiveOf(line, totals[function]);
  }
  return lines;
}

inline InclusiveLines AddUpInclusiveLines(const Profile& profile) {
  if (profile.mode == Mode::kDeterministic) return AddUpInclusiveCounts(profile);
  KeyIds<2> ids;
  std::vector<uint32_t> line_of(profile.stacks.size(), StackTree::kNothing);
  for (size_t i = 1; i < profile.stacks.size(); i++) {
    const StackNode& node = profile.stacks[i];
    const FileId file = profile.functions[static_cast<size_t>(node.function)].file;
    line_of[i] = ids.Add({static_cast<uint32_t>(file), node.line});
  }
  const auto sums = StackTree(profile.stacks).SumOncePerStack(line_of, ids.keys().size());
  InclusiveLines lines(profile.files.size());
  for (size_t i = 0; i < sums.size(); i++) {
    const auto& [file, line] = ids.keys()[i];
    lines[file][line] = sums[i];
  }
  return lines;
}

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_LINE_INCLUSIVE_H_
