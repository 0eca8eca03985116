#include "agent/tracing/calibration.h"

#include <algorithm>
#include <array>

#include "agent/tracing/trace_clock.h"
#include "agent/tracing/traced_code.h"

namespace lineprof {
namespace {

constexpr char kSource[] =
    "def empty():\n"
    "    return\n"
    "def lines(n):\n"
    "    while n:\n"
    "        n -= 1\n"
    "        n = n\n"
    "        n = n\n"
    "        n = n\n"
    "        n = n\n"
    "        n = n\n"
    "        n = n\n"
    "        n = n\n"
    "def calls(n):\n"
    "    while n:\n"
    "        n -= 1\n"
    "        empty()\n"
    "        empty()\n"
    "        empty()\n"
    "        empty()\n";
constexpr int kFileInput = 257;  // Include/compile.h: Py_file_input
constexpr long kRounds = 100;
constexpr int kRuns = 25;
constexpr int64_t kLinesPerRound = 9;
constexpr int64_t kCallLinesPerRound = 6;
constexpr int64_t kCallsPerRound = 4;
constexpr uint32_t kSourceLines = 32;

LineCounter g_counters[kSourceLines];

// Ticks of the fastest of some runs of the function; 0 if it fails.
uint64_t Fastest(const PythonObject& function) {
  uint64_t best = UINT64_MAX;
  for (int run = 0; run < kRuns; ++run) {
    const uint64_t begin = TraceTicks();
    const PythonObject done = function.Call({PyLong_FromLong(kRounds)});
    const uint64_t end = TraceTicks();
    if (!done) return 0;
    best = std::min(best, end - begin);
  }
  return best;
}

PythonObject Global(const PythonObject& globals, const char* name) {
  return PythonObject(NewReference(PyDict_GetItemString(globals.get(), name)));
}

// The functions' lines are counted apart from the program's.
void CountApart(const PythonObject& globals) {
  for (const char* name : {"empty", "lines", "calls"}) {
    const PythonObject code = Global(globals, name).Attribute("__code__");
    if (!code) continue;
    SetPrivateCounters(CodeAt(reinterpret_cast<uint64_t>(code.get())), g_counters, kSourceLines);
  }
}

EventCost Halves(int64_t whole) { return {whole / 2, whole - whole / 2}; }

}  // namespace

Calibration::Calibration() : globals_(PyDict_New()) {
  const PythonObject code(Py_CompileString(kSource, "<lineprof>", kFileInput));
  if (!globals_ || !code ||
      !PythonObject(PyEval_EvalCode(code.get(), globals_.get(), globals_.get()))) {
    PyErr_Clear();
    return;
  }
  plain_lines_ = Fastest(Global(globals_, "lines"));
  plain_calls_ = Fastest(Global(globals_, "calls"));
}

TraceCosts Calibration::Measure() {
  TraceCosts costs;
  if (plain_lines_ == 0 || plain_calls_ == 0) return costs;
  CountApart(globals_);
  const uint64_t traced_lines = Fastest(Global(globals_, "lines"));
  const uint64_t traced_calls = Fastest(Global(globals_, "calls"));
  if (traced_lines == 0 || traced_calls == 0) return costs;
  const auto extra = [](uint64_t traced, uint64_t plain) {
    return std::max<int64_t>(static_cast<int64_t>(traced - plain), 0);
  };
  const int64_t line = extra(traced_lines, plain_lines_) / (kRounds * kLinesPerRound);
  const int64_t call_round = extra(traced_calls, plain_calls_) / kRounds;
  // A call: its start, its line, its return.
  const int64_t call = (call_round - (kCallLinesPerRound - 1) * line) / kCallsPerRound - line;
  costs.line = Halves(line);
  costs.call = Halves(std::max<int64_t>(call / 2, 0));
  costs.leave = costs.call;
  return costs;
}

}  // namespace lineprof
