// Which files and lines a text report shows, and in which order: --hot, --context, --sort.
//
// Not how they look. Points into the profile. THREAD: any.
#ifndef LINEPROF_REPORTS_TEXT_SELECTION_H_
#define LINEPROF_REPORTS_TEXT_SELECTION_H_

#include <vector>

#include "annotate.h"
#include "lineprof/report.h"

namespace lineprof {

struct SelectedLine {
  AnnotatedLine line;
  bool follows_gap = false;  // lines before it are left out, and some before those are not
};

// The files with lines, in the order that `options` ask for.
std::vector<const SourceFile*> SelectFiles(const Profile& profile, const ReportOptions& options);

// The file's lines, in that order. Empty if none is hot enough.
std::vector<SelectedLine> SelectLines(const Profile& profile, const SourceFile& file,
                                      const ReportOptions& options);

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_TEXT_SELECTION_H_
