// From what the user asked for (a script, a module, code, a command) to the words that are
// executed.
//
// Refuses what cannot run before anything is started. Builds no environment and starts nothing.
// THREAD: one.
#ifndef LINEPROF_LAUNCHER_PROGRAM_H_
#define LINEPROF_LAUNCHER_PROGRAM_H_

#include <optional>
#include <string>
#include <vector>

#include "lineprof/result.h"

namespace lineprof {

enum class ProgramKind {
  kScript,   // lineprof SCRIPT ARGS
  kModule,   // lineprof -m MODULE ARGS
  kCode,     // lineprof -c CODE ARGS
  kCommand,  // lineprof -- COMMAND ARGS
};

struct ProgramRequest {
  ProgramKind kind = ProgramKind::kScript;
  std::vector<std::string> words;  // SCRIPT, MODULE, CODE or COMMAND, and its arguments; not empty
  std::optional<std::string> python;  // --python
};

struct Program {
  std::string path;                // the file to execute
  std::vector<std::string> words;  // argv
  std::string warning;             // Interpreter::warning
};

// Fails with one line that names the missing script, command or interpreter.
Result<Program> ResolveProgram(const ProgramRequest& request);

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_PROGRAM_H_
