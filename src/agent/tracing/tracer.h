// Deterministic mode as a whole: when it begins, which threads it has, what a fork does to it.
//
// It begins when the program's own code does (start.h tells), in the main interpreter; from then on
// one of two sources of events drives thread_trace.h: sys.monitoring (3.12+) or the C trace
// function (3.8 to 3.11). It ends with the process.
//
// GIL: held, unless said otherwise. SIGNAL-SAFE: no.
#ifndef LINEPROF_AGENT_TRACING_TRACER_H_
#define LINEPROF_AGENT_TRACING_TRACER_H_

#include <string>

#include "agent/tracing/thread_trace.h"
#include "agent/tracing/trace_clock.h"
#include "pyruntime/frame_layout.h"
#include "recording/recording.h"
#include "recording/settings.h"

namespace lineprof {

// The calling thread's stack and counters; null before its first event, and in threads that are not
// traced.
extern constinit thread_local TraceThread* t_trace;

struct TracerOptions {
  const Settings* settings = nullptr;  // outlives the process
  RecordingFile* file = nullptr;       // the same
  FrameLayout layout;
  LineTableFormat format = LineTableFormat::kLocations;
  // Called once the program is about to begin: proves the layout, asks to be called around forks.
  void (*run_hooks)() = nullptr;
  // Names the calling thread, which has just got that slot. GIL: held.
  void (*name_thread)(ThreadSlot*) = nullptr;
};

// Waits for the program's code to begin. Before Py_Initialize; GIL: not needed. False if the
// interpreter takes no audit hook.
bool PrepareTracer(const TracerOptions& options);

// Asks for the interpreter's audit events, once it has begun its start. Not before: what it has
// allocated for them would come from other allocators (PYTHONMALLOC, -X dev) than those that free
// it. To be called whenever the interpreter does what it does in its start. GIL: not needed.
void AskForEvents();

// The moment has come: called by the audit hook. Does nothing the second time.
void BeginTracing();

// Whether events are counted now. GIL: not needed.
bool IsTracing();
// Whether it is only being measured what events cost: nothing of the program's is counted yet.
bool IsCalibrating();
// Stops counting for good, for a reason that the report will name.
void AbandonTracing(const char* note);

// The calling thread's TraceThread, made at its first event; null where there is none to be had.
TraceThread* AttachTraceThread(uint64_t now);

// The calling thread's slot in the recording; null where it is not traced. GIL: not needed.
ThreadSlot* OwnTraceSlot();

// Around a fork, in the child: at once, and when its recording is open. GIL: not needed for the
// first.
void SuspendTracingInChild();
void ResumeTracingInChild();

// The process ends: the last word on the clock. GIL: not needed.
void EndTracing();

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_TRACER_H_
