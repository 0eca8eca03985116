// Compares LineTable with what an interpreter says of its own line tables, for every code unit (2
// bytes; an instruction is one or more of them) of every code object in the stream on standard
// input. The stream is described in dump_line_tables.py, which writes it.
//
// Prints one line of counts, after the first few mismatches. Status 0: all agree; 1: some do not;
// 2: the stream is damaged.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lineprof/result.h"
#include "pyruntime/line_table.h"

namespace lineprof {
namespace {

constexpr uint32_t kCodeUnitBytes = 2;

struct Counts {
  uint64_t files = 0;
  uint64_t codes = 0;
  uint64_t units = 0;
  uint64_t mismatches = 0;
  uint32_t uncompilable = 0;
};

struct Code {
  uint32_t first_line = 0;
  std::string name;
  std::string table;
  uint32_t length = 0;
  std::vector<LineRange> expected;
};

// The stream. After a short read all further reads give nothing and `ok` is false.
class Input {
 public:
  bool ok() const { return ok_; }

  uint32_t Uint32() {
    uint8_t bytes[4] = {};
    Fill(bytes, sizeof bytes);
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24;
  }

  std::string Text() { return Bytes(Uint32()); }

  std::string Bytes(uint32_t length) {
    constexpr uint32_t kLongest = 1 << 28;  // far above any table: a damaged length
    ok_ = ok_ && length <= kLongest;
    std::string text(ok_ ? length : 0, '\0');
    Fill(text.data(), text.size());
    return text;
  }

  Code ReadCode() {
    Code code;
    code.first_line = Uint32();
    code.name = Text();
    code.table = Text();
    code.length = Uint32();
    for (uint32_t left = Uint32(); left > 0 && ok_; --left) {
      LineRange range;
      range.begin = Uint32();
      range.end = Uint32();
      range.line = static_cast<int32_t>(Uint32());
      code.expected.push_back(range);
    }
    return code;
  }

 private:
  void Fill(void* to, size_t size) { ok_ = ok_ && std::fread(to, 1, size, stdin) == size; }

  bool ok_ = true;
};

// The rule of LineOf, said once more and without searching: the last line of a file seen so far.
class Follower {
 public:
  explicit Follower(uint32_t first_line) : line_(first_line) {}
  uint32_t Follow(int32_t line) {
    if (line >= 1) line_ = static_cast<uint32_t>(line);
    return line_;
  }

 private:
  uint32_t line_;
};

class Checker {
 public:
  void Check(const std::string& file, const Code& code, LineTableFormat format) {
    ++counts_.codes;
    counts_.units += code.length / kCodeUnitBytes;
    const LineTable table(format, code.table, code.first_line);
    CheckEnds(file, code, table, format);

    Follower follower(code.first_line);
    auto range = table.ranges().begin();
    for (const LineRange& expected : code.expected) {
      for (uint32_t at = expected.begin; at < expected.end; at += kCodeUnitBytes) {
        while (range != table.ranges().end() && range->end <= at) ++range;
        const bool covered = range != table.ranges().end() && range->begin <= at;
        if (!covered || range->line != expected.line) {
          Mismatch(file, code, "range", at, expected.line, covered ? range->line : 0);
        }
        const uint32_t line = follower.Follow(expected.line);
        const uint32_t got = table.LineOf(static_cast<int32_t>(at));
        if (got != line) Mismatch(file, code, "line", at, line, got);
      }
    }
  }

  Counts& counts() { return counts_; }

 private:
  // Both sides cover the code from its first byte to its last, and nothing else.
  void CheckEnds(const std::string& file, const Code& code, const LineTable& table,
                 LineTableFormat format) {
    uint32_t end = 0;
    for (const LineRange& range : code.expected) {
      if (range.begin != end) Mismatch(file, code, "gap in the expected ranges", end, 0, 0);
      end = range.end;
    }
    if (end != code.length) Mismatch(file, code, "expected end", end, code.length, end);
    const uint32_t table_end = table.ranges().empty() ? 0 : table.ranges().back().end;
    const uint32_t wanted = format == LineTableFormat::kLnotab ? UINT32_MAX : code.length;
    if (table_end != wanted) Mismatch(file, code, "end of the ranges", end, wanted, table_end);
    if (table.LineOf(-1) != code.first_line) {
      Mismatch(file, code, "line before the first instruction", 0, code.first_line,
               table.LineOf(-1));
    }
  }

  void Mismatch(const std::string& file, const Code& code, const char* what, uint32_t offset,
                int64_t expected, int64_t got) {
    constexpr uint64_t kShown = 10;
    if (++counts_.mismatches > kShown) return;
    std::printf("%s: %s (line %u): %s at %u: expected %lld, got %lld\n", file.c_str(),
                code.name.c_str(), code.first_line, what, offset, static_cast<long long>(expected),
                static_cast<long long>(got));
  }

  Counts counts_;
};

Result<Counts> CheckStream() {
  constexpr std::string_view kMagic = "LPLINES1";
  enum Tag : uint32_t { kFile = 1, kCode = 2, kEndOfStream = 3 };
  Input input;
  if (input.Bytes(kMagic.size()) != kMagic) return Error{"not a stream of dump_line_tables.py"};
  const auto format = static_cast<LineTableFormat>(input.Uint32());
  Checker checker;
  std::string file;
  while (input.ok()) {
    switch (input.Uint32()) {
      case kFile:
        file = input.Text();
        ++checker.counts().files;
        break;
      case kCode: {
        const Code code = input.ReadCode();
        if (input.ok()) checker.Check(file, code, format);
        break;
      }
      case kEndOfStream:
        checker.counts().uncompilable = input.Uint32();
        if (input.ok()) return checker.counts();
        break;
      default:
        if (input.ok()) return Error{"unknown record after '" + file + "'"};
    }
  }
  return Error{"the stream ends too early, after '" + file + "'"};
}

}  // namespace
}  // namespace lineprof

int main() {
  const auto counts = lineprof::CheckStream();
  if (!counts) {
    std::fprintf(stderr, "lineprof_line_table_check: %s\n", counts.error().c_str());
    return 2;
  }
  const lineprof::Counts& all = counts.value();
  std::printf("files %llu uncompilable %u codes %llu units %llu mismatches %llu\n",
              static_cast<unsigned long long>(all.files), all.uncompilable,
              static_cast<unsigned long long>(all.codes),
              static_cast<unsigned long long>(all.units),
              static_cast<unsigned long long>(all.mismatches));
  return all.mismatches == 0 ? 0 : 1;
}
