// The file that cProfile writes, for pstats, snakeviz, gprof2dot and tuna: totals by function with
// their callers, no lines. It is one dict, marshalled (docs.python.org/3/library/marshal.html;
// layout: Python/marshal.c; what is in it: Modules/_lsprof.c and Lib/pstats.py):
//
//   stats   = { (file, first line, name): (primitive calls, calls, own s, inclusive s, callers) }
//   callers = { (file, first line, name): (calls, primitive calls, own s, inclusive s) }
//
//   dict  = "{" { key value } "0" ;      tuple = ")" u8 count, values ;
//   int   = "i" i32 | "l" i32 count of digits, { u16 digit of 15 bits } ;
//   float = "g" f64 ;                    str = "u" i32 length, UTF-8 bytes ;   all little-endian
//
// Calls of samples are samples that have the function on their stack, each once, and at least one:
// readers divide by them. Counted calls are calls; counted_functions.h says which are primitive. A
// profile without functions gets one entry: pstats refuses an empty dict.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "buffered_output.h"
#include "function_totals.h"
#include "lineprof/report.h"

namespace lineprof {
namespace {

class MarshalWriter {
 public:
  explicit MarshalWriter(std::ostream& out) : out_(out) {}

  void BeginDict() { out_.Append('{'); }
  void EndDict() { out_.Append('0'); }
  void BeginTuple(uint8_t count) {
    out_.Append(')');
    out_.AppendLittleEndian(count, 1);
  }
  void Int(uint64_t value) {
    if (value <= INT32_MAX) {
      out_.Append('i');
      out_.AppendLittleEndian(value, 4);
      return;
    }
    constexpr int kDigitBits = 15;
    const int digits = (static_cast<int>(std::bit_width(value)) + kDigitBits - 1) / kDigitBits;
    out_.Append('l');
    out_.AppendLittleEndian(static_cast<uint64_t>(digits), 4);
    for (int i = 0; i < digits; i++) out_.AppendLittleEndian(value >> (kDigitBits * i) & 0x7fff, 2);
  }
  void Float(double value) {
    out_.Append('g');
    out_.AppendLittleEndian(std::bit_cast<uint64_t>(value), 8);
  }
  void String(std::string_view text) {
    out_.Append('u');
    out_.AppendLittleEndian(text.size(), 4);
    out_.Append(text);
  }

 private:
  BufferedOutput out_;
};

class PstatsReport {
 public:
  PstatsReport(const Profile& profile, std::ostream& out)
      : profile_(profile),
        functions_(AddUpFunctions(profile)),
        callers_(AddUpCallers(profile)),
        marshal_(out) {}

  void Write() {
    bool is_empty = true;
    marshal_.BeginDict();
    auto callers = callers_.begin();
    for (uint32_t i = 0; i < functions_.size(); i++) {
      const auto begin = callers;
      callers = std::find_if(begin, callers_.end(), [i](const CallerCost& caller) {
        return caller.callee != FunctionId{i};
      });
      if (!functions_[i].is_shown) continue;
      WriteFunction(FunctionId{i}, {begin, callers});
      is_empty = false;
    }
    if (is_empty) WriteEntry("~", 0, "<nothing>", {}, {});
    marshal_.EndDict();
  }

 private:
  using Callers = std::span<const CallerCost>;

  void WriteFunction(FunctionId id, Callers callers) {
    const Function& function = profile_.functions[static_cast<size_t>(id)];
    WriteEntry(FileOf(profile_, id).name, function.first_line, function.name,
               functions_[static_cast<size_t>(id)], callers);
  }

  void WriteEntry(std::string_view file, uint32_t line, std::string_view name,
                  const FunctionTotal& total, Callers callers) {
    WriteKey(file, line, name);
    marshal_.BeginTuple(5);
    marshal_.Int(std::max<uint64_t>(total.primitive_calls, 1));
    marshal_.Int(std::max<uint64_t>(total.inclusive.hits, 1));
    WriteTimes(total.self, total.inclusive);
    marshal_.BeginDict();
    for (const CallerCost& caller : callers) {
      const Function& function = profile_.functions[static_cast<size_t>(caller.caller)];
      WriteKey(FileOf(profile_, caller.caller).name, function.first_line, function.name);
      marshal_.BeginTuple(4);
      marshal_.Int(std::max<uint64_t>(caller.inclusive.hits, 1));
      marshal_.Int(caller.primitive_calls);
      WriteTimes(caller.self, caller.inclusive);
    }
    marshal_.EndDict();
  }

  void WriteKey(std::string_view file, uint32_t line, std::string_view name) {
    marshal_.BeginTuple(3);
    marshal_.String(file);
    marshal_.Int(line);
    marshal_.String(name);
  }

  void WriteTimes(const Cost& self, const Cost& inclusive) {
    marshal_.Float(static_cast<double>(TimeNs(self, profile_.clock)) / 1e9);
    marshal_.Float(static_cast<double>(TimeNs(inclusive, profile_.clock)) / 1e9);
  }

  const Profile& profile_;
  const std::vector<FunctionTotal> functions_;  // index: FunctionId
  const std::vector<CallerCost> callers_;       // by callee, caller
  MarshalWriter marshal_;
};

}  // namespace

void WritePstatsReport(const Profile& profile, const ReportOptions& /*options*/,
                       std::ostream& out) {
  PstatsReport(profile, out).Write();
}

}  // namespace lineprof
