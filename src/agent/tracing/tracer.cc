#include "agent/tracing/tracer.h"

#include <pthread.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>

#include "agent/python_api.h"
#include "agent/tracing/calibration.h"
#include "agent/tracing/code_choice.h"
#include "agent/tracing/event_source.h"
#include "agent/tracing/traced_code.h"
#include "base/clock.h"
#include "recording/thread_slots.h"

namespace lineprof {

constinit thread_local TraceThread* t_trace = nullptr;

namespace {

constexpr int kFirstMonitoring = 12;  // 3.12 has sys.monitoring

TracerOptions g_options;
std::atomic<bool> g_tracing{false};
bool g_begun = false;
bool g_calibrating = false;
bool g_awaits_counted = false;  // filters are on, and no code to be counted has been seen yet
std::atomic<bool> g_awaits_interpreter{false};  // no audit hook yet
pthread_key_t g_thread_key;
ClockPair g_start;
double g_ns_per_tick = 1;
double g_event_cost_ns = 0;

TraceHeader& Header() { return g_options.file->map.header().trace; }

thread_local ThreadSlot* t_slot = nullptr;

ThreadTimes OwnTimes() { return {ClockNs(CLOCK_MONOTONIC), ClockNs(CLOCK_THREAD_CPUTIME_ID)}; }

void BeginSlot() {
  t_slot = ClaimThreadSlot(g_options.file->map, gettid(), OwnTimes());
  if (t_slot != nullptr) g_options.name_thread(t_slot);
}

void OnThreadEnd(void* value) {
  auto* const thread = static_cast<TraceThread*>(value);
  if (thread != t_trace) return;  // of before a fork
  t_trace = nullptr;
  if (t_slot != nullptr) EndThreadSlot(t_slot, OwnTimes(), false);
  t_slot = nullptr;
  EndTraceThread(thread);
}

// Mean cost of the events of a call and its one line.
int64_t MeanCost(const TraceCosts& costs) {
  const auto whole = [](const EventCost& cost) { return cost.in + cost.out; };
  return (whole(costs.line) + whole(costs.call) + whole(costs.leave)) / 3;
}

void WriteHeader() {
  TraceHeader& header = Header();
  header.clock = static_cast<uint32_t>(g_trace_clock);
  header.ns_per_tick = g_ns_per_tick;
  header.event_cost_ns = g_event_cost_ns;
}

// The program called something that may take tracing over. Runs after it did, between two
// bytecodes of the main thread.
int CheckSource(void*) {
  CheckTraceFunction();
  return 0;
}

void NoteTakeover() {
  static bool noted = false;
  if (noted) return;
  noted = true;
  char note[160];
  std::snprintf(note, sizeof(note),
                "the program called sys.settrace after %.3g s: lines of that thread are missing "
                "while its trace function is set",
                static_cast<double>(ClockNs(CLOCK_MONOTONIC) - g_start.ns) * 1e-9);
  AddNote(g_options.file->map, note);
}

// A module's code is about to run.
void AwaitCounted(void* arguments) {
  void* const code = PyTuple_GetItem(arguments, 0);
  if (code == nullptr || !IsCodeObject(code) || !MayHoldCounted(code)) return;
  g_awaits_counted = false;
  CountedCodeAppears();
}

int OnAudit(const char* event, void* arguments, void*) {
  if (event[0] == 'c' && std::strncmp(event, "cpython.run_", 12) == 0) {
    BeginTracing();
  } else if (g_awaits_counted && event[0] == 'e' && std::strcmp(event, "exec") == 0) {
    AwaitCounted(arguments);
  } else if (event[0] == 's' && IsTracing() && !g_calibrating &&
             std::strcmp(event, "sys.settrace") == 0 && g_options.layout.minor < kFirstMonitoring) {
    NoteTakeover();
    Py_AddPendingCall(CheckSource, nullptr);
  }
  return 0;
}

bool IsFiltered() {
  return g_options.settings->trace_filtered || g_options.settings->trace_decorated;
}

const char* StartSource() {
  const FrameLayout& layout = g_options.layout;
  const bool verbose = g_options.settings->trace_verbose;
  if (layout.minor < kFirstMonitoring) {
    return IsFiltered() ? StartFilteredTraceFunction(layout, verbose)
                        : StartTraceFunction(layout, verbose);
  }
  return IsFiltered() ? StartFilteredMonitoring(verbose) : StartMonitoring(verbose);
}

bool PrepareFilters() {
  SetChoiceContext({g_options.settings, &g_options.layout, &g_options.file->map});
  g_code_reading.is_counted = IsCodeCounted;
  g_awaits_counted = g_options.layout.minor < kFirstMonitoring;
  if (g_awaits_counted) RestUntilCountedCode();
  return !g_options.settings->trace_decorated || InstallDecorator(CountedCodeAppears);
}

// Nothing can be counted in this process. Nothing of the program has run yet either: where it is
// the one that lineprof was asked to run, it need not.
void RefuseToBegin(const char* reason) {
  AbandonTracing(reason);
  constexpr int kUsage = 2;
  if (getppid() != g_options.settings->launcher) return;
  std::fflush(nullptr);
  _exit(kUsage);
}

// Between the interpreter being up and the program's first line.
void Begin() {
  g_options.run_hooks();
  if (!WatchCodeEnds()) return AbandonTracing("no place in code objects is free");
  Calibration calibration;
  g_calibrating = true;
  g_tracing.store(true);
  const char* const refusal = StartSource();
  if (refusal != nullptr) return RefuseToBegin(refusal);
  g_ns_per_tick = NsPerTick(g_start, ReadClockPair(), g_ns_per_tick);
  calibration.Measure(g_ns_per_tick);
  g_calibrating = false;
  if (IsFiltered() && !PrepareFilters()) return AbandonTracing("profile cannot be a builtin");
  g_trace.nowhere = {};
  g_event_cost_ns = static_cast<double>(MeanCost(g_trace.costs)) * g_ns_per_tick;
  WriteHeader();
}

}  // namespace

bool PrepareTracer(const TracerOptions& options) {
  g_options = options;
  g_trace.file = options.file;
  g_code_reading.layout = options.layout;
  g_code_reading.format = options.format;
  g_code_reading.has_unit_costs = options.layout.minor < kFirstMonitoring;
  g_code_reading.has_far_lines = LooksLinesUp(options.layout.minor);
  ChooseTraceClock();
  g_start = ReadClockPair();
  TraceHeader& header = Header();
  header.enabled = 1;
  header.ns_per_tick = 1;
  header.start_ticks = g_start.ticks;
  header.start_ns = g_start.ns;
  const bool can_begin =
      PySys_AddAuditHook != nullptr && pthread_key_create(&g_thread_key, OnThreadEnd) == 0;
  g_awaits_interpreter.store(can_begin);
  return can_begin;
}

void AskForEvents() {
  if (!g_awaits_interpreter.load(std::memory_order_relaxed)) return;
  if (PyGILState_GetThisThreadState() == nullptr) return;
  if (!g_awaits_interpreter.exchange(false)) return;
  if (PySys_AddAuditHook(OnAudit, nullptr) != 0) AbandonTracing("it takes no audit hook");
}

void BeginTracing() {
  if (g_begun) return;
  g_begun = true;
  void *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  Begin();
  PyErr_Clear();
  PyErr_Restore(type, value, traceback);
}

bool IsTracing() { return g_tracing.load(std::memory_order_relaxed); }

ThreadSlot* OwnTraceSlot() { return t_slot; }

bool IsCalibrating() { return g_calibrating; }

void AbandonTracing(const char* note) {
  g_tracing.store(false);
  RecordingHeader& header = g_options.file->map.header();
  header.refusal = AddText(g_options.file->map, note);
}

TraceThread* AttachTraceThread(uint64_t now) {
  if (!IsTracing()) return nullptr;
  TraceThread* const thread = BeginTraceThread(now);
  if (thread == nullptr) return nullptr;
  t_trace = thread;
  BeginSlot();
  pthread_setspecific(g_thread_key, thread);
  return thread;
}

void SuspendTracingInChild() {
  g_tracing.store(false);
  t_trace = nullptr;
  t_slot = nullptr;
}

void ResumeTracingInChild() {
  ForgetTraceThreads();
  ForgetCodes();
  g_start = ReadClockPair();
  TraceHeader& header = Header();
  header.enabled = 1;
  header.start_ticks = g_start.ticks;
  header.start_ns = g_start.ns;
  WriteHeader();
  g_tracing.store(g_begun);
}

void EndTracing() {
  if (!IsTracing()) return;
  Header().ns_per_tick = NsPerTick(g_start, ReadClockPair(), g_ns_per_tick);
  if (t_slot != nullptr) SetThreadTimes(t_slot, OwnTimes());
  RecordingHeader& header = g_options.file->map.header();
  StoreTo(header.end_monotonic_ns, ClockNs(CLOCK_MONOTONIC));
  std::atomic_ref<uint32_t>(header.ended).store(1);
}

}  // namespace lineprof
