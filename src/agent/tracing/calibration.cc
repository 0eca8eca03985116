#include "agent/tracing/calibration.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/tracing/machine.h"
#include "agent/tracing/speed_probe.h"
#include "agent/tracing/trace_clock.h"
#include "agent/tracing/traced_code.h"

namespace lineprof {
namespace {

// RoundContents says how many lines and instructions a round of each has. No builtins: 3.8 and 3.9
// give them to globals of their own only where they are asked to.
constexpr char kEmpty[] =
    "def empty():\n"
    "    return\n";
constexpr char kLines[] =
    "    box = [0, 1, 2]\n"
    "    while n:\n"
    "        n -= 1\n"
    "        a = n\n"
    "        b = box[1]\n"
    "        a = a + b\n"
    "        box[2] = a\n"
    "        if a:\n"
    "            b = a\n"
    "        a = b\n";
constexpr char kOthers[] =
    "def long_lines(n):\n"
    "    while n:\n"
    "        n -= 1\n"
    "        a = (n * 3 + 7) * (n - 5) + n\n"
    "        a = (n * 3 + 7) * (n - 5) + n\n"
    "        a = (n * 3 + 7) * (n - 5) + n\n"
    "        a = (n * 3 + 7) * (n - 5) + n\n"
    "        a = (n * 3 + 7) * (n - 5) + n\n"
    "        a = (n * 3 + 7) * (n - 5) + n\n"
    "        a = (n * 3 + 7) * (n - 5) + n\n"
    "def generator(n):\n"
    "    while n:\n"
    "        n -= 1\n"
    "        yield\n"
    "def resumes(n):\n"
    "    [*generator(n)]\n"
    "def jumps(n):\n"
    "    for i in [0] * n: i + 1\n"
    "def calls(n):\n"
    "    while n:\n"
    "        n -= 1\n"
    "        empty()\n"
    "        empty()\n"
    "        empty()\n"
    "        empty()\n";
constexpr const char* kFunctions[] = {"empty", "lines",     "late_lines", "long_lines",
                                      "calls", "generator", "resumes",    "jumps"};
constexpr uint32_t kDefLine = 1;  // of empty()
constexpr uint32_t kReturnLine = 2;
constexpr uint32_t kSourceLines = 512;
constexpr uint32_t kFarLines = 2000;  // before the far functions
constexpr int kFileInput = 257;       // Include/compile.h: Py_file_input
constexpr long kRounds = 60;
constexpr long kLateRounds = 20;  // they take ten times as long
constexpr int kRuns = 5;
constexpr size_t kTurns = 5;
constexpr size_t kMostTurns = 25;
constexpr double kAgreement = 0.05;  // of turns, around the median

LineCounter g_counters[kSourceLines];

PythonObject Global(const PythonObject& globals, const char* name) {
  return PythonObject(NewReference(PyDict_GetItemString(globals.get(), name)));
}

// Ticks of the fastest of some runs, and what the lines of empty() had of it.
struct Run {
  uint64_t ticks = UINT64_MAX;
  int64_t def_line = 0;
  int64_t return_line = 0;
};

Run Fastest(const PythonObject& function, long rounds) {
  Run best;
  for (int i = 0; i < kRuns; ++i) {
    g_counters[kDefLine - 1] = {};
    g_counters[kReturnLine - 1] = {};
    const uint64_t begin = TraceTicks();
    const PythonObject done = function.Call({PyLong_FromLong(rounds)});
    const uint64_t ticks = TraceTicks() - begin;
    if (!done) {
      PyErr_Clear();
      return {0, 0, 0};
    }
    if (ticks >= best.ticks) continue;
    best = {ticks, g_counters[kDefLine - 1].ticks, g_counters[kReturnLine - 1].ticks};
  }
  return best;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

constexpr double RoundTimes::*kTimes[] = {
    &RoundTimes::lines,      &RoundTimes::long_lines, &RoundTimes::far_lines,
    &RoundTimes::late_lines, &RoundTimes::calls,      &RoundTimes::resumes,
    &RoundTimes::jumps,      &RoundTimes::def_line,   &RoundTimes::return_line};

std::string Source() {
  std::string source = std::string(kEmpty) + "def lines(n):\n" + kLines + kOthers;
  source += "def late_lines(n):\n    if not n:\n";
  for (int i = 1; i < RoundContents::kLateBy; ++i) source += "        n\n";
  return source + kLines;
}

// The functions of the source, as its lines from `lines_before` on; empty on failure.
PythonObject Define(uint32_t lines_before) {
  const std::string source = std::string(lines_before, '\n') + Source();
  PythonObject globals(PyDict_New());
  const PythonObject code(Py_CompileString(source.c_str(), "<lineprof>", kFileInput));
  if (globals && code && PythonObject(PyEval_EvalCode(code.get(), globals.get(), globals.get()))) {
    return globals;
  }
  PyErr_Clear();
  return {};
}

// The functions' lines are counted apart from the program's.
void CountApart(const PythonObject& globals, uint32_t lines_before) {
  for (const char* name : kFunctions) {
    const PythonObject code = Global(globals, name).Attribute("__code__");
    if (!code) continue;
    SetPrivateCounters(CodeAt(reinterpret_cast<uint64_t>(code.get())), g_counters, kSourceLines,
                       lines_before + 1);
  }
}

// The first line whose number is no object that the interpreter keeps: 257, from 3.15 on 1025.
uint32_t FirstFarLine() {
  for (const uint32_t line : {257u, 1025u}) {
    const PythonObject first(PyLong_FromLong(line));
    const PythonObject second(PyLong_FromLong(line));
    if (first.get() != second.get()) return line;
  }
  return kFarLines;
}

}  // namespace

Calibration::Calibration() : globals_(Define(0)), far_globals_(Define(kFarLines)) {
  if (globals_ && far_globals_) plain_ = Time();
}

Calibration::Turn Calibration::TimeTurn() const {
  Turn turn;
  std::vector<double> speeds;
  const auto time = [&](const PythonObject& globals, const char* name) {
    const Run run = Fastest(Global(globals, name), kRounds);
    speeds.push_back(static_cast<double>(ProbeSpeed()));
    return run;
  };
  const auto round = [&](const Run& run) {
    return static_cast<double>(run.ticks) / (kRounds * speeds.back());
  };
  turn.rounds.lines = round(time(globals_, "lines"));
  turn.rounds.long_lines = round(time(globals_, "long_lines"));
  turn.rounds.far_lines = round(time(far_globals_, "lines"));
  turn.rounds.resumes = round(time(globals_, "resumes"));
  turn.rounds.jumps = round(time(globals_, "jumps"));
  // Only the first format of the line table is searched.
  turn.rounds.late_lines = turn.rounds.lines;
  if (g_code_reading.format == LineTableFormat::kLnotab) {
    const Run late = Fastest(Global(globals_, "late_lines"), kLateRounds);
    turn.rounds.late_lines = static_cast<double>(late.ticks) / (kLateRounds * speeds.back());
  }
  const Run calls = time(globals_, "calls");
  turn.rounds.calls = round(calls);
  const double per_call = kRounds * RoundContents::kCalls * speeds.back();
  turn.rounds.def_line = static_cast<double>(calls.def_line) / per_call;
  turn.rounds.return_line = static_cast<double>(calls.return_line) / per_call;
  turn.speed = Median(speeds);
  return turn;
}

// Whether half of the turns or more are close together, in every time: else most were disturbed.
bool Calibration::Agree(const std::vector<Turn>& turns) {
  const Turn middle = Middle(turns);
  return std::all_of(std::begin(kTimes), std::end(kTimes), [&](double RoundTimes::*time) {
    const double wanted = middle.rounds.*time;
    const auto close = std::count_if(turns.begin(), turns.end(), [&](const Turn& turn) {
      return std::abs(turn.rounds.*time - wanted) <= kAgreement * wanted;
    });
    return 2 * static_cast<size_t>(close) > turns.size();
  });
}

Calibration::Turn Calibration::Middle(const std::vector<Turn>& turns) {
  const auto median = [&](const auto& value) {
    std::vector<double> values;
    for (const Turn& turn : turns) values.push_back(value(turn));
    return Median(values);
  };
  Turn middle;
  for (double RoundTimes::*time : kTimes) {
    middle.rounds.*time = median([&](const Turn& turn) { return turn.rounds.*time; });
  }
  middle.speed = median([](const Turn& turn) { return turn.speed; });
  return middle;
}

Calibration::Turn Calibration::Time() const {
  std::vector<Turn> turns;
  do {
    for (size_t i = 0; i < kTurns; ++i) turns.push_back(TimeTurn());
  } while (turns.size() < kMostTurns && !Agree(turns));
  return Middle(turns);
}

void Calibration::Measure(double ns_per_tick) {
  if (!globals_ || !far_globals_) return;
  CountApart(globals_, 0);
  CountApart(far_globals_, kFarLines);
  const Turn traced = Time();
  const auto speed = static_cast<uint64_t>(traced.speed);
  g_trace.first_far_line = FirstFarLine();
  SetEventCosts(
      SolveCosts(plain_.rounds, traced.rounds, traced.speed, g_code_reading.has_unit_costs), speed,
      ns_per_tick);
}

}  // namespace lineprof
