// Where events come from: one of two implementations, by the interpreter's version.
//
// monitoring_source.cc: sys.monitoring, 3.12+ (filtered_monitoring.cc: with filters).
// trace_function_source.cc: the C trace function, 3.8 to 3.11. Each turns the interpreter's events
// into the calls of thread_trace.h so that the counts are those of a Python trace function
// (pprofile's): a line's start, a backward jump to the same line, a frame's start and resumption
// are one hit each.
//
// GIL: held. THREAD: the main one, at start. SIGNAL-SAFE: no.
#ifndef LINEPROF_AGENT_TRACING_EVENT_SOURCE_H_
#define LINEPROF_AGENT_TRACING_EVENT_SOURCE_H_

#include "pyruntime/frame_layout.h"

namespace lineprof {

// Each gives null, or one line that says why there are no events. `verbose`: events are printed
// too.
const char* StartMonitoring(bool verbose);
const char* StartFilteredMonitoring(bool verbose);
const char* StartTraceFunction(const FrameLayout& layout, bool verbose);
const char* StartFilteredTraceFunction(const FrameLayout& layout, bool verbose);

// Of StartFilteredTraceFunction: rests while there is no code to be counted, and goes on as soon as
// there is about to be some. Do nothing for the others.
void RestUntilCountedCode();
void CountedCodeAppears();

// The program called sys.settrace: the trace function may have been taken away. Puts it back where
// nothing else stands in its place. Does nothing for sys.monitoring.
void CheckTraceFunction();

// A PyThreadState has been bound to the calling thread, which is about to run Python code. GIL: not
// held.
void TraceNewThread(void* thread_state);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_EVENT_SOURCE_H_
