// The file that kernprof writes, for `python -m line_profiler`: hits and time of each line of each
// function. Counts only: what it calls hits are starts of lines.
//
// It is one object, pickled (docs.python.org/3/library/pickle.html; opcodes: Lib/pickletools.py;
// what is in it: line_profiler/_line_profiler.pyx, class LineStats):
//
//   LineStats.__dict__ = { "timings": timings, "unit": seconds of one unit of time }
//   timings = { (file, first line, function name): [ (line, hits, time), ... ] }
//
//   pickle = proto, class, ")" NEWOBJ, dict, "b" BUILD, "." STOP ;          protocol 2, no memo
//   proto  = "\x80\x02" ;            class = "c" module "\n" name "\n" ;     NEWOBJ = "\x81"
//   dict   = "}" "(" { key value } "u" ;       list  = "]" "(" { value } "e" ;
//   tuple  = three values, "\x87" ;            float = "G" f64, big-endian ;
//   int    = "J" i32 | "\x8a" u8 length, bytes ;             both little-endian
//   str    = "X" u32 length, UTF-8 bytes ;
//
// The class is named as line_profiler 4.x names it; 5.x knows that name too. A line's time is
// with all it calls, as line_profiler measures it; in recursion, once (counted_functions.h). Files
// are as the text report names them: line_profiler reads the source from there.

#include <bit>
#include <cstdint>
#include <string_view>

#include "buffered_output.h"
#include "counted_functions.h"
#include "lineprof/report.h"

namespace lineprof {
namespace {

class PickleWriter {
 public:
  explicit PickleWriter(std::ostream& out) : out_(out) { out_.Append("\x80\x02"); }

  void Op(char code) { out_.Append(code); }
  void Class(std::string_view module, std::string_view name) {
    out_.Append('c');
    out_.Append(module);
    out_.Append('\n');
    out_.Append(name);
    out_.Append('\n');
  }
  void Int(uint64_t value) {
    if (value <= INT32_MAX) {
      out_.Append('J');
      out_.AppendLittleEndian(value, 4);
    } else {
      // Two's complement: a byte more than the highest bit needs, at most.
      const int bytes = static_cast<int>(std::bit_width(value)) / 8 + 1;
      out_.Append('\x8a');
      out_.Append(static_cast<char>(bytes));
      for (int i = 0; i < bytes; i++) {
        out_.Append(i < 8 ? static_cast<char>(value >> (8 * i)) : '\0');
      }
    }
  }
  void Float(double value) {
    out_.Append('G');
    const auto bits = std::bit_cast<uint64_t>(value);
    for (int shift = 56; shift >= 0; shift -= 8) out_.Append(static_cast<char>(bits >> shift));
  }
  void String(std::string_view text) {
    out_.Append('X');
    out_.AppendLittleEndian(text.size(), 4);
    out_.Append(text);
  }

 private:
  BufferedOutput out_;
};

// Opcodes that stand alone.
constexpr char kEmptyTuple = ')';
constexpr char kNewObject = '\x81';
constexpr char kEmptyDict = '}';
constexpr char kEmptyList = ']';
constexpr char kMark = '(';
constexpr char kSetItems = 'u';
constexpr char kAppends = 'e';
constexpr char kTupleOf3 = '\x87';
constexpr char kBuild = 'b';
constexpr char kStop = '.';

void WriteTimings(const Profile& profile, PickleWriter& pickle) {
  const std::vector<FunctionTotal> totals = AddUpFunctions(profile);
  pickle.Op(kEmptyDict);
  pickle.Op(kMark);
  const FunctionLine* before = nullptr;
  for (const FunctionLine& line : AddUpFunctionLines(profile)) {
    if (before == nullptr || before->function != line.function) {
      if (before != nullptr) pickle.Op(kAppends);
      const Function& function = profile.functions[static_cast<size_t>(line.function)];
      pickle.String(FileOf(profile, line.function).name);
      pickle.Int(function.first_line);
      pickle.String(function.name);
      pickle.Op(kTupleOf3);
      pickle.Op(kEmptyList);
      pickle.Op(kMark);
    }
    const FunctionTotal& total = totals[static_cast<size_t>(line.function)];
    pickle.Int(line.line);
    pickle.Int(line.self.hits);
    pickle.Int(TimeNs(InclusiveOf(line, total), profile.clock));
    pickle.Op(kTupleOf3);
    before = &line;
  }
  if (before != nullptr) pickle.Op(kAppends);
  pickle.Op(kSetItems);
}

}  // namespace

void WriteLprofReport(const Profile& profile, const ReportOptions& /*options*/, std::ostream& out) {
  PickleWriter pickle(out);
  pickle.Class("line_profiler._line_profiler", "LineStats");
  pickle.Op(kEmptyTuple);
  pickle.Op(kNewObject);
  pickle.Op(kEmptyDict);
  pickle.Op(kMark);
  pickle.String("timings");
  WriteTimings(profile, pickle);
  pickle.String("unit");
  pickle.Float(1e-9);
  pickle.Op(kSetItems);
  pickle.Op(kBuild);
  pickle.Op(kStop);
}

}  // namespace lineprof
