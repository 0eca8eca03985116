// One record a line of source with data, hottest first, for grep, sort, cut and the quickfix lists
// of editors (vim's errorformat %f:%l:%m, Emacs's compilation mode):
//
//   report = { path ":" line ":" hits ":" seconds ":" percent "%:" function ":" source "\n" } ;
//
// Seconds have nine decimals (nanoseconds), percent two. A line end in a name is \n or \r, a colon
// in a function's name \x3a: after the path, colons separate up to the source, in which they may
// stand. Ties go by path and line.

#include <fmt/compile.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "annotate.h"
#include "buffered_output.h"
#include "line_functions.h"
#include "lineprof/one_line.h"
#include "lineprof/report.h"

namespace lineprof {
namespace {

struct Record {
  const SourceFile* file = nullptr;
  AnnotatedLine line;
  uint64_t time_ns = 0;
};

// Lines that only make calls have no time of their own, and no record.
std::vector<Record> HottestFirst(const Profile& profile) {
  std::vector<Record> records;
  for (const SourceFile& file : profile.files) {
    VisitLines(file, [&](const AnnotatedLine& line) {
      if (line.cost == nullptr || line.cost->self == Cost{}) return;
      records.push_back({&file, line, TimeNs(line.cost->self, profile.clock)});
    });
  }
  std::sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
    return std::tie(b.time_ns, a.file->name, a.line.number) <
           std::tie(a.time_ns, b.file->name, b.line.number);
  });
  return records;
}

std::string WithoutColons(std::string_view name) {
  std::string out;
  for (char c : OneLine(name)) {
    if (c == ':') {
      out += "\\x3a";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

void WriteLinesReport(const Profile& profile, const ReportOptions& /*options*/,
                      std::ostream& stream) {
  BufferedOutput out(stream);
  const LineFunctions functions(profile);
  for (const Record& record : HottestFirst(profile)) {
    const double seconds = static_cast<double>(record.time_ns) / 1e9;
    const double percent = profile.duration_s > 0 ? 100 * seconds / profile.duration_s : 0;
    out.Print(FMT_COMPILE("{}:{}:{}:{:.9f}:{:.2f}%:{}:{}\n"), OneLine(record.file->name),
              record.line.number, record.line.cost->self.hits, seconds, percent,
              WithoutColons(functions.NameAt(*record.file, record.line.number)), record.line.text);
  }
}

}  // namespace lineprof
