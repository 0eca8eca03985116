#include "text_selection.h"

#include <algorithm>

namespace lineprof {
namespace {

using Sort = ReportOptions::Sort;

bool SortsByCost(const ReportOptions& options) {
  return options.sort == Sort::kTime || options.sort == Sort::kHits;
}

// What is sorted by, when costs are.
uint64_t SortKey(const Cost& cost, const ReportOptions& options, Clock clock) {
  return options.sort == Sort::kHits ? cost.hits : TimeNs(cost, clock);
}

bool IsHot(const Profile& profile, const LineCost& line, const ReportOptions& options) {
  if (!options.hot_percent) return true;
  const double least_ns = *options.hot_percent / 100 * profile.duration_s * 1e9;
  const auto reaches = [&](const Cost& cost) {
    return static_cast<double>(TimeNs(cost, profile.clock)) >= least_ns;
  };
  return reaches(line.self) ||
         std::any_of(line.calls.begin(), line.calls.end(),
                     [&](const CallCost& call) { return reaches(call.inclusive); });
}

// Leaves what stands at most `context` places before or after a wanted line.
std::vector<SelectedLine> WithContext(const std::vector<AnnotatedLine>& lines,
                                      const std::vector<bool>& wanted, size_t context) {
  std::vector<SelectedLine> selected;
  size_t next = 0;  // the first line that is not decided on yet
  for (size_t i = 0; i < lines.size(); i++) {
    if (!wanted[i]) continue;
    const size_t begin = std::max(next, i - std::min(i, context));
    const size_t end = i + std::min(context, lines.size() - 1 - i) + 1;
    for (size_t shown = begin; shown < end; shown++) {
      const bool is_first = shown == begin && begin > next;
      selected.push_back({lines[shown], is_first && !selected.empty()});
    }
    next = std::max(next, end);
  }
  return selected;
}

}  // namespace

std::vector<const SourceFile*> SelectFiles(const Profile& profile, const ReportOptions& options) {
  std::vector<const SourceFile*> files;
  for (const SourceFile& file : profile.files) {
    if (!file.lines.empty()) files.push_back(&file);
  }
  if (options.sort == Sort::kHits) {
    std::stable_sort(files.begin(), files.end(), [](const SourceFile* a, const SourceFile* b) {
      return SelfCost(*a).hits > SelfCost(*b).hits;
    });
  } else if (options.sort == Sort::kName) {
    std::stable_sort(files.begin(), files.end(),
                     [](const SourceFile* a, const SourceFile* b) { return a->name < b->name; });
  }
  return files;
}

std::vector<SelectedLine> SelectLines(const Profile& profile, const SourceFile& file,
                                      const ReportOptions& options) {
  const bool by_cost = SortsByCost(options);
  const bool is_whole = !by_cost && !options.hot_percent && !options.context_lines;
  std::vector<AnnotatedLine> lines;
  std::vector<bool> wanted;
  VisitLines(file, [&](const AnnotatedLine& line) {
    const bool is_wanted =
        is_whole || (line.cost != nullptr && IsHot(profile, *line.cost, options));
    if (by_cost && !is_wanted) return;
    lines.push_back(line);
    wanted.push_back(is_wanted);
  });
  if (by_cost) {
    std::stable_sort(lines.begin(), lines.end(),
                     [&](const AnnotatedLine& a, const AnnotatedLine& b) {
                       return SortKey(a.cost->self, options, profile.clock) >
                              SortKey(b.cost->self, options, profile.clock);
                     });
  }
  return WithContext(lines, wanted, by_cost ? 0 : options.context_lines.value_or(0));
}

}  // namespace lineprof
