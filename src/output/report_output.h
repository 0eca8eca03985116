// Where one -o goes: a file, or, with codes in its name, a file for each process or each run.
//
// Checked before the program starts; named and written after it ended. THREAD: one.
#ifndef LINEPROF_OUTPUT_REPORT_OUTPUT_H_
#define LINEPROF_OUTPUT_REPORT_OUTPUT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineprof/result.h"
#include "options/options.h"
#include "options/output_name.h"
#include "output/output_file.h"

namespace lineprof {

class ReportOutput {
 public:
  // Whether every one can be written; `facts` stand for those that are not known yet. Fails with
  // one line, too if two are the same.
  static Result<std::vector<ReportOutput>> OpenAll(const std::vector<OutputOptions>& outputs,
                                                   const NameFacts& facts);

  // Null: the recording is kept there.
  const ReportFormat* format() const { return options_.format; }
  // Each process has its own.
  bool is_per_process() const { return options_.per_process; }
  bool is_standard_output() const { return file_ && file_->is_standard_output(); }
  // The file's name, but for its number (%n), which is chosen when it is written.
  std::string Name(const NameFacts& facts) const { return ExpandOutputName(options_.name, facts); }

  // Fails with one line that names the file. `report` may be asked for more than once.
  Result<void> Write(const OutputFile::Report& report, const NameFacts& facts) const;
  Result<void> Write(std::string_view report, const NameFacts& facts) const;

 private:
  explicit ReportOutput(OutputOptions options) : options_(std::move(options)) {}

  OutputOptions options_;
  std::optional<OutputFile> file_;  // of a name without codes
};

}  // namespace lineprof

#endif  // LINEPROF_OUTPUT_REPORT_OUTPUT_H_
