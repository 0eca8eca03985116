// Which Python runs the program: --python, else the active virtual environment's, else PATH's.
//
// Only a --python is tried out (it takes tens of milliseconds): a default that is no Python is
// noticed when it runs. THREAD: one; starts a process.
#ifndef LINEPROF_LAUNCHER_INTERPRETER_H_
#define LINEPROF_LAUNCHER_INTERPRETER_H_

#include <optional>
#include <string>
#include <string_view>

#include "lineprof/result.h"

namespace lineprof {

struct Interpreter {
  std::string path;
  // Why it cannot be profiled though it is a Python ("PyPy 3.10 is not supported"); one line, or
  // empty.
  std::string warning;
};

// `python`: the value of --python, if given: a path, or a name on PATH. Fails with one line that
// names what was looked for.
Result<Interpreter> FindInterpreter(const std::optional<std::string>& python);

// What the answer of a probed interpreter says about it; a line like "lineprof-probe cpython 3 11
// 0", the last word 1 for a free-threaded build. Fails if that is no Python's answer.
Result<Interpreter> ReadProbe(const std::string& path, std::string_view answer);

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_INTERPRETER_H_
