// What top watches: a program that lineprof started for it, or a process that runs already.
//
// Its recordings come into a directory; whoever writes them is no business of the view's. THREAD:
// main.
#ifndef LINEPROF_CLI_TOP_TARGET_H_
#define LINEPROF_CLI_TOP_TARGET_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "launcher/child_process.h"
#include "launcher/program_output.h"

namespace lineprof {

class TopTarget {
 public:
  using Event = ChildProcess::Event;

  virtual ~TopTarget() = default;

  // For the view: what is watched, in a few words.
  virtual std::string title() const = 0;
  // Where its recordings are; if some are others', the process whose they are.
  virtual const std::string& directory() const = 0;
  virtual std::optional<int64_t> pid() const = 0;

  // Whether lineprof started it: then quitting asks what shall become of it.
  virtual bool is_program() const = 0;
  // Its output, if lineprof keeps it; else null.
  virtual ProgramOutput* output() = 0;

  // Waits for the first of: the target's end, a signal to lineprof, something to read from `input`
  // (a descriptor, or -1), the end of `timeout`.
  virtual Event Wait(int input, std::chrono::nanoseconds timeout) = 0;

  // Ends the program. REQUIRES: is_program().
  virtual void End() = 0;

  // Lets go of what is watched; of a program, waits for its end, and gives its output as it comes.
  // How lineprof is to end then.
  virtual ProcessEnd Finish() = 0;
};

}  // namespace lineprof

#endif  // LINEPROF_CLI_TOP_TARGET_H_
