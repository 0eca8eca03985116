// Walks a file's source once with what it cost: the common part of every report that prints source.
//
// Not a format: it decides which lines there are and in which order, never how they look.
// THREAD: any.
#ifndef LINEPROF_REPORTS_ANNOTATE_H_
#define LINEPROF_REPORTS_ANNOTATE_H_

#include <cstdint>
#include <string_view>

#include "lineprof/profile.h"

namespace lineprof {

struct AnnotatedLine {
  uint32_t number = 0;
  std::string_view text;           // white space at its end removed; empty where there is no source
  const LineCost* cost = nullptr;  // null: nothing was seen there
};

// `text` without the white space at its end (blanks, \t, \v, \f).
inline std::string_view WithoutTrailingSpace(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\v\f") + 1);
}

// Calls visit(const AnnotatedLine&) for each line of the source, and for each line with data that
// the source does not have (line 0, lines past its end, all lines if there is no source),
// ascending.
template <typename Visit>
void VisitLines(const SourceFile& file, Visit visit) {
  const auto& texts = file.source.lines;
  auto cost = file.lines.begin();
  auto visit_costs_before = [&](uint64_t end) {
    for (; cost != file.lines.end() && cost->line < end; ++cost) {
      visit(AnnotatedLine{cost->line, {}, &*cost});
    }
  };
  visit_costs_before(1);
  for (uint32_t number = 1; number <= texts.size(); number++) {
    AnnotatedLine line{number, WithoutTrailingSpace(texts[number - 1]), nullptr};
    if (cost != file.lines.end() && cost->line == number) line.cost = &*cost++;
    visit(line);
  }
  visit_costs_before(UINT64_MAX);
}

// The file's own cost: the sum of its lines'.
inline Cost SelfCost(const SourceFile& file) {
  Cost sum;
  for (const LineCost& line : file.lines) sum += line.self;
  return sum;
}

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_ANNOTATE_H_
