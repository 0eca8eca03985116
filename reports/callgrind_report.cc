// Valgrind's callgrind format, for callgrind_annotate, KCachegrind and QCachegrind: costs by
// function and line, and what each line calls. valgrind.org/docs/manual/cl-format.html
//
//   report   = { header } { function } totals ;
//   header   = "version: 1", "creator: " text, "cmd: " text, "part: 1", "desc: " text,
//              "positions: line", "event: " name " : " text, "events: " names, "summary: " costs ;
//   function = "fl=" file, "fn=" name, { line } ;
//   line     = number " " costs, { call } ;          the line's own cost
//   call     = [ "cfi=" file ], "cfn=" name, "calls=" count " " first line,
//              number " " costs ;                    the caller's line, inclusive cost
//   file, name = "(" id ")" [ " " text ] ;           the text where the id is first used
//   totals   = "totals: " costs ;
//
// Costs of samples are Ns (the run's clock), CpuNs and Samples. A call's count and Samples are the
// samples that have it on their stack, each once: statistics know no number of calls. Costs of
// counts are Ns and Hits, the starts of lines; calls are calls, and have no Hits of their own.
// Readers tell functions apart by name alone: function_labels.h makes them different.

#include <fmt/compile.h>

#include <string>
#include <string_view>
#include <vector>

#include "buffered_output.h"
#include "function_labels.h"
#include "function_totals.h"
#include "lineprof/one_line.h"
#include "lineprof/report.h"

namespace lineprof {
namespace {

class CallgrindReport {
 public:
  CallgrindReport(const Profile& profile, std::ostream& out)
      : profile_(profile),
        out_(out),
        is_counted_(profile.mode == Mode::kDeterministic),
        lines_(AddUpFunctionLines(profile)),
        labels_(FunctionLabels(profile)),
        file_is_named_(profile.files.size()),
        function_is_named_(profile.functions.size()) {}

  void Write() {
    Cost sum;
    for (const FunctionLine& line : lines_) sum += line.self;
    WriteHeader(sum);
    const FunctionLine* before = nullptr;
    for (const FunctionLine& line : lines_) {
      if (before == nullptr || before->function != line.function) BeginFunction(line.function);
      WriteLine(line);
      before = &line;
    }
    out_.Append("\ntotals: ");
    WriteCosts(sum);
  }

 private:
  void WriteHeader(const Cost& sum) {
    out_.Append("# callgrind format\nversion: 1\ncreator: lineprof\n");
    out_.Print(FMT_COMPILE("cmd: {}\npart: 1\n"), OneLine(profile_.command_line));
    out_.Append(is_counted_
                    ? "desc: Calls: counted\n"
                    : "desc: Samples: calls are samples that have the call on their stack\n");
    out_.Append("positions: line\n");
    out_.Append(profile_.clock == Clock::kCpu ? "event: Ns : CPU time (ns)\n"
                                              : "event: Ns : Wall time (ns)\n");
    if (is_counted_) {
      out_.Append("event: Hits : Starts of lines\nevents: Ns Hits\n");
    } else {
      out_.Append("event: CpuNs : CPU time (ns)\nevent: Samples : Samples\n");
      out_.Append("events: Ns CpuNs Samples\n");
    }
    out_.Append("summary: ");
    WriteCosts(sum);
  }

  void BeginFunction(FunctionId function) {
    file_ = profile_.functions[static_cast<size_t>(function)].file;
    out_.Append("\nfl=");
    WriteFileName(file_);
    out_.Append("fn=");
    WriteFunctionName(function);
  }

  void WriteLine(const FunctionLine& line) {
    if (line.self != Cost{}) WritePosition(line.line, line.self);
    for (const CallCost& call : line.calls) {
      const Function& callee = profile_.functions[static_cast<size_t>(call.callee)];
      if (callee.file != file_) {
        out_.Append("cfi=");
        WriteFileName(callee.file);
      }
      out_.Append("cfn=");
      WriteFunctionName(call.callee);
      out_.Print(FMT_COMPILE("calls={} {}\n"), call.inclusive.hits, callee.first_line);
      Cost inclusive = call.inclusive;
      if (is_counted_) inclusive.hits = 0;  // the calls; which lines they started is not known
      WritePosition(line.line, inclusive);
    }
  }

  void WritePosition(uint32_t line, const Cost& cost) {
    out_.AppendNumber(line);
    out_.Append(' ');
    WriteCosts(cost);
  }

  void WriteCosts(const Cost& cost) {
    const uint64_t time_ns = TimeNs(cost, profile_.clock);
    if (is_counted_) {
      out_.Print(FMT_COMPILE("{} {}\n"), time_ns, cost.hits);
    } else {
      out_.Print(FMT_COMPILE("{} {} {}\n"), time_ns, cost.cpu_ns, cost.hits);
    }
  }

  void WriteFileName(FileId file) {
    const auto index = static_cast<size_t>(file);
    WriteName(index, OneLine(profile_.files[index].name), file_is_named_);
  }
  void WriteFunctionName(FunctionId function) {
    const auto index = static_cast<size_t>(function);
    WriteName(index, labels_[index], function_is_named_);
  }
  void WriteName(size_t index, std::string_view name, std::vector<bool>& is_named) {
    if (is_named[index]) {
      out_.Print(FMT_COMPILE("({})\n"), index + 1);
    } else {
      out_.Print(FMT_COMPILE("({}) {}\n"), index + 1, name);
    }
    is_named[index] = true;
  }

  const Profile& profile_;
  BufferedOutput out_;
  const bool is_counted_;
  const std::vector<FunctionLine> lines_;
  const std::vector<std::string> labels_;  // index: FunctionId
  FileId file_{};                          // of the current function
  std::vector<bool> file_is_named_;        // index: FileId
  std::vector<bool> function_is_named_;    // index: FunctionId
};

}  // namespace

void WriteCallgrindReport(const Profile& profile, const ReportOptions& /*options*/,
                          std::ostream& out) {
  CallgrindReport(profile, out).Write();
}

}  // namespace lineprof
