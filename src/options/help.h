// The texts that lineprof prints about itself, made from the table of options: help, and the list
// of formats.
//
// THREAD: any.
#ifndef LINEPROF_OPTIONS_HELP_H_
#define LINEPROF_OPTIONS_HELP_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "options/option_table.h"

namespace lineprof {

// The text of --help, lines of at most 80 columns. That of a run has all commands.
std::string HelpText(CommandId command);

// One line a format: name, the names of files that ask for it, what it is for.
std::string FormatsText();

// "-s, --statistic SECONDS"
std::string OptionSynopsis(const OptionSpec& option);

// Names of formats, as -f takes them.
std::vector<std::string> FormatNames();

// The examples of --help: a command line, and what it does.
struct Example {
  std::string_view command;
  std::string_view meaning;
};
std::span<const Example> Examples();

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_HELP_H_
