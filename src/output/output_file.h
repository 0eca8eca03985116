// Where a report goes: a file that is replaced as a whole, a device or pipe that is written to, or
// standard output.
//
// Checked before the program starts, written after it ended. An existing file stays as it was until
// the new one is complete: a full disk costs nobody his last report. THREAD: one.
#ifndef LINEPROF_OUTPUT_OUTPUT_FILE_H_
#define LINEPROF_OUTPUT_OUTPUT_FILE_H_

#include <functional>
#include <ostream>
#include <string>
#include <string_view>

#include "lineprof/result.h"

namespace lineprof {

class OutputFile {
 public:
  // `name`: a path, or "-" for standard output. Fails with one line that names it if a report
  // cannot be written there; leaves an existing file untouched and makes no new one.
  static Result<OutputFile> Open(const std::string& name);

  // Gives out a report, piece by piece: a large one never lies in memory as a whole.
  using Report = std::function<void(std::ostream&)>;

  // Writes `report`. Nobody reading any more (a closed pipe) is no failure. Fails with one line:
  // "cannot write NAME: No space left on device".
  Result<void> Write(const Report& report) const;
  Result<void> Write(std::string_view report) const;

  // The same unless there is a file already: then leaves it as it is and gives false.
  Result<bool> WriteNew(const Report& report) const;

  bool is_standard_output() const { return kind_ == Kind::kStandardOutput; }
  // As the user named it.
  const std::string& name() const { return name_; }
  // The same for two names of one file.
  const std::string& path() const { return path_; }

 private:
  enum class Kind {
    kStandardOutput,
    kFile,    // regular, or not there yet: written beside and renamed
    kStream,  // a device, FIFO or the like: written to
  };
  OutputFile(Kind kind, std::string name, std::string path)
      : kind_(kind), name_(std::move(name)), path_(std::move(path)) {}

  // Writes beside the file and calls `publish(temporary)`, which gives 0 or errno.
  template <typename Publish>
  int WriteBeside(const Report& report, Publish publish) const;
  int Replace(const Report& report) const;
  int Stream(const Report& report) const;

  Kind kind_;
  std::string name_;
  std::string path_;
};

}  // namespace lineprof

#endif  // LINEPROF_OUTPUT_OUTPUT_FILE_H_
