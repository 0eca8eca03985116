// A dump of stacks as text for people and as JSON for programs.
//
// Text: a line for the process, then for each thread its line and its frames, outermost first,
// `file:line function` with the source line below and, if they were asked for, the variables. JSON:
// one object on one line. Both are UTF-8 and one line an item, whatever names hold. THREAD: one.
#ifndef LINEPROF_CLI_DUMP_TEXT_H_
#define LINEPROF_CLI_DUMP_TEXT_H_

#include <functional>
#include <string>

#include "attach/stack_dump.h"

namespace lineprof {

// Gives the source line of a frame, without blanks around it; empty where it is not known.
using SourceLine = std::function<std::string(const DumpedFrame&)>;

std::string DumpText(const StackDump& dump, const std::string& command, const SourceLine& source);
std::string DumpJson(const StackDump& dump, const std::string& command, const SourceLine& source);

}  // namespace lineprof

#endif  // LINEPROF_CLI_DUMP_TEXT_H_
