// Command lines as text that a shell reads back to the same arguments.
//
// Always one line of UTF-8, whatever the arguments hold: an argument with control characters or
// with bytes that are no UTF-8 is written in the $'...' form, which bash, zsh, ksh and POSIX 2024
// know. THREAD: any.
#ifndef LINEPROF_BASE_SHELL_QUOTE_H_
#define LINEPROF_BASE_SHELL_QUOTE_H_

#include <string>
#include <string_view>
#include <vector>

namespace lineprof {

// `argument`, quoted if a shell would take it for anything but itself.
std::string ShellQuote(std::string_view argument);

// The arguments, each quoted, with a blank between them.
std::string ShellJoin(const std::vector<std::string>& arguments);

}  // namespace lineprof

#endif  // LINEPROF_BASE_SHELL_QUOTE_H_
