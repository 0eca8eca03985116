// The source text of one profiled file, as far as it is known.
//
// Passive data: already decoded and cut into lines; how is src/profile/source_cache.h's business.
// THREAD: any, while nobody writes.
#ifndef LINEPROF_SOURCE_H_
#define LINEPROF_SOURCE_H_

#include <string>
#include <vector>

namespace lineprof {

struct SourceText {
  enum class State {
    kRead,     // `lines` is the file's text
    kMissing,  // there is no such file (frozen, generated or deleted code); `lines` is empty
  };
  State state = State::kMissing;
  // UTF-8, one entry a line, without line ends; lines[0] is line 1.
  std::vector<std::string> lines;
  // Why the text is missing, or what is doubtful about it ("changed while the program ran");
  // empty when there is nothing to say. One line.
  std::string note;
};

}  // namespace lineprof

#endif  // LINEPROF_SOURCE_H_
