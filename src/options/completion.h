// Completions of lineprof's command line for the shells, made from the table of options.
//
// Scripts for a shell to read, printed by `lineprof --print-completion SHELL` when lineprof is
// built. They complete commands, options, the words that an option takes, and names of files; what
// follows the program's name is left to the shell. THREAD: any.
#ifndef LINEPROF_OPTIONS_COMPLETION_H_
#define LINEPROF_OPTIONS_COMPLETION_H_

#include <string>
#include <string_view>

#include "lineprof/result.h"

namespace lineprof {

// The script for "bash", "zsh" or "fish". Fails with one line for another.
Result<std::string> CompletionScript(std::string_view shell);

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_COMPLETION_H_
