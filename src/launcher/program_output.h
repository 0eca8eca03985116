// The program's standard descriptors while lineprof has the terminal to itself.
//
// Of standard input, output and error, those that are the terminal are replaced for the program:
// its input by /dev/null (the keys are lineprof's), its output by a file, which outlives lineprof
// should that be killed, as a pipe would not. What is no terminal stays as it is. The file's oldest
// blocks are given back when it gets large. Owns the file. THREAD: one.
#ifndef LINEPROF_LAUNCHER_PROGRAM_OUTPUT_H_
#define LINEPROF_LAUNCHER_PROGRAM_OUTPUT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "lineprof/result.h"

namespace lineprof {

class ProgramOutput {
 public:
  // What is kept of the output, in bytes.
  static constexpr uint64_t kKeptBytes = uint64_t{64} << 20;

  // Makes the file `path`, and puts the replacements where children inherit them, until Restore.
  // Fails with one line.
  static Result<ProgramOutput> Redirect(const std::string& path);
  ProgramOutput(ProgramOutput&&) = default;
  ProgramOutput& operator=(ProgramOutput&&) = default;
  ~ProgramOutput() { Restore(); }

  // lineprof has its own descriptors again. To be called when the program has started.
  void Restore();

  // The last lines that were written, the oldest first, at most `count`, and none that lies more
  // than some KiB back.
  std::vector<std::string> LastLines(size_t count) const;

  // Gives back what is older than the bytes to keep.
  void Trim();

  // Copies what was written since the last call to standard output.
  void Forward();

 private:
  ProgramOutput() = default;
  uint64_t Size() const;

  UniqueFd file_;
  std::array<UniqueFd, 3> originals_;  // index: descriptor; those that are replaced
  uint64_t forwarded_ = 0;             // bytes from the file's begin
  uint64_t trimmed_ = 0;               // bytes from the file's begin that are gone
};

}  // namespace lineprof

#endif  // LINEPROF_LAUNCHER_PROGRAM_OUTPUT_H_
