// Comma-separated values (RFC 4180, UTF-8, lines end in \n as files on Linux do), for spreadsheets,
// pandas and databases: a record for each line with data, and for each call that a line makes.
//
//   report = titles, { line { call } } ;
//   titles = file,line,function,kind,callee_file,callee_line,callee,hits,time_s,cpu_s,wait_s,
//            percent,source
//
// `kind` is "line": own cost, without callee; or "call": inclusive cost, without source. Files come
// hottest first, lines and calls as in the source. Text that holds a comma, a quote or a line end
// stands in quotes, a quote in it twice. time_s is under the run's clock.

#include <fmt/compile.h>

#include <string>
#include <string_view>

#include "annotate.h"
#include "buffered_output.h"
#include "function_totals.h"
#include "line_functions.h"
#include "lineprof/report.h"

namespace lineprof {
namespace {

class CsvReport {
 public:
  CsvReport(const Profile& profile, std::ostream& out)
      : profile_(profile), out_(out), functions_(profile) {}

  void Write() {
    out_.Append(
        "file,line,function,kind,callee_file,callee_line,callee,hits,time_s,cpu_s,wait_s,percent,"
        "source\n");
    for (const SourceFile& file : profile_.files) {
      VisitLines(file, [&](const AnnotatedLine& line) {
        if (line.cost == nullptr) return;
        WriteLine(file, line);
        for (const CallCost& call : line.cost->calls) WriteCall(file, line, call);
      });
    }
  }

 private:
  void WriteLine(const SourceFile& file, const AnnotatedLine& line) {
    WritePlace(file, line);
    out_.Append("line,,,,");
    WriteCost(line.cost->self);
    WriteText(line.text);
    out_.Append('\n');
  }

  void WriteCall(const SourceFile& file, const AnnotatedLine& line, const CallCost& call) {
    const Function& callee = profile_.functions[static_cast<size_t>(call.callee)];
    WritePlace(file, line);
    out_.Append("call,");
    WriteText(FileOf(profile_, call.callee).name);
    out_.Print(FMT_COMPILE(",{},"), callee.first_line);
    WriteText(callee.qualified_name);
    out_.Append(',');
    WriteCost(call.inclusive);
    out_.Append('\n');
  }

  void WritePlace(const SourceFile& file, const AnnotatedLine& line) {
    WriteText(file.name);
    out_.Print(FMT_COMPILE(",{},"), line.number);
    WriteText(functions_.NameAt(file, line.number));
    out_.Append(',');
  }

  void WriteCost(const Cost& cost) {
    const double seconds = static_cast<double>(TimeNs(cost, profile_.clock)) / 1e9;
    const double percent = profile_.duration_s > 0 ? 100 * seconds / profile_.duration_s : 0;
    out_.Print(FMT_COMPILE("{},{:.9f},{:.9f},{:.9f},{:.4f},"), cost.hits, seconds,
               static_cast<double>(cost.cpu_ns) / 1e9, static_cast<double>(cost.wait_ns) / 1e9,
               percent);
  }

  void WriteText(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
      out_.Append(text);
      return;
    }
    out_.Append('"');
    for (char c : text) {
      if (c == '"') out_.Append('"');
      out_.Append(c);
    }
    out_.Append('"');
  }

  const Profile& profile_;
  BufferedOutput out_;
  const LineFunctions functions_;
};

}  // namespace

void WriteCsvReport(const Profile& profile, const ReportOptions& /*options*/, std::ostream& out) {
  CsvReport(profile, out).Write();
}

}  // namespace lineprof
