// Texts on one line: of an Error, and in reports that are read by lines, where nothing may break
// the rule that a record is a line.
//
// Not for XML, JSON or CSV, which have rules of their own. THREAD: any.
#ifndef LINEPROF_ONE_LINE_H_
#define LINEPROF_ONE_LINE_H_

#include <string>
#include <string_view>

namespace lineprof {

// `text` with its line ends as \n and \r.
inline std::string OneLine(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace lineprof

#endif  // LINEPROF_ONE_LINE_H_
