// lineprof's own words on standard error.
//
// One line each, "lineprof: " first, written at once so that the program's output does not get
// between. THREAD: any.
#ifndef LINEPROF_OUTPUT_MESSAGE_H_
#define LINEPROF_OUTPUT_MESSAGE_H_

#include <string_view>

namespace lineprof {

// Exit statuses of lineprof's own.
inline constexpr int kFailure = 1;
inline constexpr int kUsage = 2;
inline constexpr int kSlower = 3;  // diff --fail-above

// Prints `lineprof: text` and a line end. Line breaks within the text (a file may be named so) are
// printed as blanks.
void PrintMessage(std::string_view text);

// Prints the same and returns `status`.
int Fail(int status, std::string_view text);

}  // namespace lineprof

#endif  // LINEPROF_OUTPUT_MESSAGE_H_
