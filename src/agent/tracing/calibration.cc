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
    "def long_lines(n):\n"
    "    while n:\n"
    "        n -= 1\n"
    "        a = b = c = n = n\n"
    "        a = b = c = n = n\n"
    "        a = b = c = n = n\n"
    "        a = b = c = n = n\n"
    "        a = b = c = n = n\n"
    "        a = b = c = n = n\n"
    "        a = b = c = n = n\n"
    "def generator(n):\n"
    "    while n:\n"
    "        n -= 1\n"
    "        yield\n"
    "def resumes(n):\n"
    "    for i in generator(n):\n"
    "        pass\n"
    "def jumps(n):\n"
    "    while n: n -= 1\n"
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
constexpr int64_t kInstructionsPerRound = 21;
constexpr int64_t kMoreInstructionsPerRound = 7 * 6;  // of long_lines
constexpr int64_t kResumeLinesPerRound = 5;
constexpr int64_t kResumeInstructionsPerRound = 16;
constexpr int64_t kCallLinesPerRound = 6;
constexpr int64_t kCallInstructionsPerRound = 4 * (3 + 2) + 7;
constexpr int64_t kCallsPerRound = 4;
constexpr uint32_t kSourceLines = 64;

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
  for (const char* name :
       {"empty", "lines", "long_lines", "generator", "resumes", "jumps", "calls"}) {
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
  plain_ = Time();
}

Calibration::Times Calibration::Time() const {
  return {Fastest(Global(globals_, "lines")), Fastest(Global(globals_, "long_lines")),
          Fastest(Global(globals_, "calls")), Fastest(Global(globals_, "resumes")),
          Fastest(Global(globals_, "jumps"))};
}

TraceCosts Calibration::Measure() {
  TraceCosts costs;
  if (!globals_) return costs;
  CountApart(globals_);
  const Times traced = Time();
  // Of one round, in 1/256 ticks.
  const auto extra = [](uint64_t with, uint64_t without) {
    return std::max<int64_t>(static_cast<int64_t>(with - without), 0) * 256 / kRounds;
  };
  const int64_t lines = extra(traced.lines, plain_.lines);
  const int64_t long_lines = extra(traced.long_lines, plain_.long_lines);
  const int64_t calls = extra(traced.calls, plain_.calls);
  if (g_code_reading.counts_instructions) {
    costs.instruction_256 = std::max<int64_t>(long_lines - lines, 0) / kMoreInstructionsPerRound;
  }
  const int64_t line =
      std::max<int64_t>(lines - kInstructionsPerRound * costs.instruction_256, 0) / kLinesPerRound;
  // A call: its start, its line, its return.
  const int64_t call = (calls - kCallInstructionsPerRound * costs.instruction_256 -
                        (kCallLinesPerRound - 1) * line) /
                           kCallsPerRound -
                       line;
  costs.line = Halves(line / 256);
  costs.call = Halves(std::max<int64_t>(call / 2, 0) / 256);
  costs.leave = costs.call;
  // A generator's round: five lines (two of resumes), a resumption, a suspension.
  const int64_t resumption = extra(traced.resumes, plain_.resumes) -
                             kResumeInstructionsPerRound * costs.instruction_256 -
                             kResumeLinesPerRound * line;
  costs.resume = Halves(std::max<int64_t>(resumption / 2, 0) / 256);
  costs.suspend = costs.resume;
  costs.jump = g_code_reading.counts_instructions ? costs.line
                                                  : Halves(extra(traced.jumps, plain_.jumps) / 256);
  return costs;
}

}  // namespace lineprof
