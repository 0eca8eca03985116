// What both sources of trace function events (3.8 to 3.11) do with a line's start, a call and a
// return.
//
// Which thread and frame the event is of, and who called, are each source's own: with filters only
// some frames are on the stack of open ones. GIL: held. THREAD: any. SIGNAL-SAFE: no.
#ifndef LINEPROF_AGENT_TRACING_TRACE_FUNCTION_EVENT_H_
#define LINEPROF_AGENT_TRACING_TRACE_FUNCTION_EVENT_H_

#include "agent/tracing/thread_trace.h"
#include "agent/tracing/trace_function_layout.h"

namespace lineprof {

struct TraceFunctionFrames {
  TraceFunctionLayout layout;
  FrameLayout frames;
};

// Counts the event of the frame object `frame`, which is open under `key`. Where that is not the
// frame on top, events went missing: `realign(thread, frame, now)` puts it there, or gives false,
// and the event is not counted. Events of other kinds are none.
template <typename Realign>
inline void CountInFrame(TraceThread* thread, const TraceFunctionFrames& source, void* frame,
                         uint64_t key, int event, uint64_t now, Realign realign) {
  if (event != kTraceLine && event != kTraceReturn) return;
  if (__builtin_expect(thread->top->key != key, 0) && !realign(thread, frame, now)) return;
  if (event == kTraceReturn) return LeaveFrame(thread, now);
  StartLineAt(thread, LoadField<uint32_t>(frame, source.layout.line),
              CurrentUnit(source.layout, source.frames, frame), now);
}

// A call's event, of the frame object `frame` that is to be open under `key`: its frame begins or
// is resumed.
inline void EnterInFrame(TraceThread* thread, const TraceFunctionFrames& source, const void* frame,
                         uint64_t key, const CodeCounters& code, bool has_caller, uint64_t now) {
  EnterFrame(thread, key, code, LoadField<uint32_t>(frame, source.layout.line), has_caller, now);
  if (!code.suspends || g_trace.costs.search_256 == 0) return;
  ChargeSearch(thread, code, CurrentUnit(source.layout, source.frames, frame) + 1);
}

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_TRACE_FUNCTION_EVENT_H_
