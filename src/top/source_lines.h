// The source of the lines that are on the screen: files are read when a line of theirs is first
// shown, and then kept.
//
// Owns the texts. THREAD: one.
#ifndef LINEPROF_TOP_SOURCE_LINES_H_
#define LINEPROF_TOP_SOURCE_LINES_H_

#include <map>
#include <string>

#include "profile/source_cache.h"
#include "top/cost_snapshot.h"

namespace lineprof {

class SourceLines {
 public:
  // Names of files that are no absolute paths are taken from `current_directory`.
  explicit SourceLines(std::string current_directory);

  // The line's text without the blanks around it; empty if it is not to be had.
  std::string Of(const Place& line);

 private:
  std::string current_directory_;
  SourceCache cache_;
  std::map<std::string, SourceText> texts_;  // by name as shown
};

}  // namespace lineprof

#endif  // LINEPROF_TOP_SOURCE_LINES_H_
