// What an event of a thread does to its counters: the hot path of deterministic mode, free of
// Python and of its versions.
//
// The idea: every thread has a stack of open frames, each with the line that it is on. The time
// between two events belongs to the line on top; what an event itself costs (EventCost) is taken
// off. So an event is: read the clock, add the difference to one counter, step to the next counter.
// No table is searched for a line: a frame knows where the counters of its code are. Calls are
// counted in the list of edges of the calling line; the time of a call is the difference of the
// thread's own_ticks at its end and at its begin, added only where no call of the same edge is
// further out (recursion once).
//
// Counters and stacks lie in the recording, so that they are whole at any moment; see layout.h.
// What is not here: where events come from (monitoring_source, trace_function_source), which code
// is counted (traced_code).
//
// THREAD: each TraceThread its own; the counters are shared. GIL: held. SIGNAL-SAFE: no.
#ifndef LINEPROF_AGENT_TRACING_THREAD_TRACE_H_
#define LINEPROF_AGENT_TRACING_THREAD_TRACE_H_

#include <cstdint>

#include "agent/tracing/far_lines.h"
#include "agent/tracing/unit_cost.h"
#include "recording/recording_file.h"
#include "recording/recording_map.h"

namespace lineprof {

// The counters of a code object, as frames of it need them. `lines` is null for code that has
// calls counted, but no lines (filtered out), or that there was no room for.
struct CodeCounters {
  uint32_t record = 0;  // CodeRecord
  uint32_t first_line = 0;
  uint32_t line_count = 0;
  LineCounter* lines = nullptr;  // of first_line
  union {
    const UnitCost* units = nullptr;  // by code unit (3.8 to 3.11)
    const FarPlace* place;            // 3.12, 3.13: TracedCode::near_place, of code with far lines
  };
  bool suspends = false;  // a generator's, coroutine's: its frames are resumed rather than made
};

// Clock ticks that an event takes: from the line before up to the clock's reading (in), and from
// there until the program goes on (out). event_costs.h.
struct EventCost {
  int64_t in = 0;
  int64_t out = 0;
};

struct TraceCosts {
  EventCost line;
  EventCost far_line;  // of a line whose number the interpreter must make an int for (3.12+)
  EventCost call;      // a frame is entered or resumed
  EventCost leave;     // returned from
  EventCost resume;    // the same of code that suspends
  EventCost suspend;
  EventCost jump;  // back on its line
  // In 1/256 ticks, before 3.12 (unit_cost.h): what each instruction takes longer while its frame
  // is traced, and each entry of the line table that is searched.
  int64_t instruction_256 = 0;
  int64_t search_256 = 0;
};

// What all threads of the process share.
struct TraceContext {
  RecordingFile* file = nullptr;
  TraceCosts costs;
  uint64_t look_due = UINT64_MAX;        // when the machine is to be looked at (machine.h)
  uint32_t first_far_line = UINT32_MAX;  // TraceCosts::far_line
  LineCounter nowhere{};                 // time on no line: code that is not counted
};
extern TraceContext g_trace;

// A TraceThread for the calling thread, with an empty stack: a used one or a new one. Null if the
// recording is full.
TraceThread* BeginTraceThread(uint64_t now);
// The thread ends: its record may serve another. One that ended inside Python code keeps its record
// and its open frames. GIL: not needed.
void EndTraceThread(TraceThread* thread);

// A forked child begins a recording of its own: the records of its parent are not mapped in it.
void ForgetTraceThreads();

// The slow parts, out of line.
namespace trace_detail {
bool NextChunk(TraceThread* thread);
void PreviousChunk(TraceThread* thread);
EdgeRecord* FindEdge(LineCounter* line, uint32_t callee);
uint32_t ClaimEdge(TraceThread* thread, EdgeRecord* edge);
}  // namespace trace_detail

// Gives the time since the last event to the line on top.
inline void SpendTime(TraceThread* thread, uint64_t now, const EventCost& cost) {
  const auto spent = static_cast<int64_t>(now - thread->last_ticks) - cost.in;
  thread->own_ticks += spent;
  thread->top->current->ticks += spent;
  thread->last_ticks = now + static_cast<uint64_t>(cost.out);
}

// The counter of `line`; that of no line for one that the code does not have.
inline LineCounter* CounterOf(const OpenFrame& frame, uint32_t line) {
  const uint32_t index = line - frame.first_line;
  if (__builtin_expect(index < frame.line_count, 1)) return frame.lines + index;
  return &g_trace.nowhere;
}

// The frame on top starts `line`.
inline void StartLine(TraceThread* thread, uint32_t line, uint64_t now, const EventCost& cost) {
  SpendTime(thread, now, cost);
  OpenFrame* const top = thread->top;
  LineCounter* const counter = CounterOf(*top, line);
  ++counter->hits;
  top->current = counter;
}

inline const EventCost& CostOfLine(uint32_t line) {
  return line >= g_trace.first_far_line ? g_trace.costs.far_line : g_trace.costs.line;
}

inline void StartLine(TraceThread* thread, uint32_t line, uint64_t now) {
  StartLine(thread, line, now, CostOfLine(line));
}

// Whether the interpreter may search as the frame starts `line` (3.12, 3.13; far_code.h).
inline bool MaySearch(const OpenFrame& frame, uint32_t line) {
  return __builtin_expect(frame.place != nullptr && line >= frame.place->first_far_line, 0);
}

// The same at that code unit (3.8 to 3.11). What the instructions to come take longer than untraced
// is taken off in advance. A jump that stays on its line need not search for it.
inline void StartLineAt(TraceThread* thread, uint32_t line, int64_t unit, uint64_t now) {
  const TraceCosts& costs = g_trace.costs;
  const OpenFrame& top = *thread->top;
  if (top.units == nullptr) return StartLine(thread, line, now, costs.line);
  const UnitCost& place = top.units[unit];
  const int64_t instructions = place.instructions * costs.instruction_256 >> 8;
  if (costs.search_256 != 0 && top.current == CounterOf(top, line)) {
    return StartLine(thread, line, now, {costs.jump.in, costs.jump.out + instructions});
  }
  const int64_t search = place.searched * costs.search_256 >> 8;
  StartLine(thread, line, now, {costs.line.in + search, costs.line.out + instructions});
}

// Code was just resumed at that unit: its line is searched for once more.
inline void ChargeSearch(TraceThread* thread, const CodeCounters& code, int64_t unit) {
  if (code.units == nullptr) return;
  const int64_t cost = code.units[unit].searched * g_trace.costs.search_256;
  thread->last_ticks += static_cast<uint64_t>(cost >> 8);
}

// A frame of `code` is entered or resumed; it stands on `line`, which counts one more start.
// `has_caller`: the frame on top calls it, rather than code that is not traced or nothing.
inline void EnterFrame(TraceThread* thread, uint64_t key, const CodeCounters& code, uint32_t line,
                       bool has_caller, uint64_t now) {
  LineCounter* const caller = thread->top->current;
  SpendTime(thread, now, code.suspends ? g_trace.costs.resume : g_trace.costs.call);
  if (__builtin_expect(thread->top == thread->chunk->frames + kFramesPerChunk - 1, 0)) {
    if (!trace_detail::NextChunk(thread)) return;
  } else {
    ++thread->top;
  }
  ++thread->depth;
  OpenFrame* const top = thread->top;
  top->key = key;
  top->lines = code.lines;
  top->units = code.units;
  top->first_line = code.first_line;
  top->line_count = code.line_count;
  top->edge = 0;
  top->flags = code.suspends ? kSuspendingCode : 0;
  top->start_ticks = thread->own_ticks;
  LineCounter* const counter = CounterOf(*top, line);
  ++counter->hits;
  top->current = counter;
  if (!has_caller) return;
  EdgeRecord* const edge = trace_detail::FindEdge(caller, code.record);
  if (edge == nullptr) return;
  ++edge->calls;
  top->edge = static_cast<uint32_t>(reinterpret_cast<std::byte*>(edge) - g_trace.file->map.base);
  top->flags |= trace_detail::ClaimEdge(thread, edge);
}

// The frame on top is left. REQUIRES: there is one (depth > 0).
inline void LeaveFrame(TraceThread* thread, uint64_t now) {
  const bool suspends = (thread->top->flags & kSuspendingCode) != 0;
  SpendTime(thread, now, suspends ? g_trace.costs.suspend : g_trace.costs.leave);
  if (__builtin_expect(thread->lost_depth != 0, 0)) {
    --thread->lost_depth;
    return;
  }
  const OpenFrame& top = *thread->top;
  if (top.edge != 0) {
    auto& edge = g_trace.file->map.At<EdgeRecord>(top.edge);
    if ((top.flags & kOwnsEdge) != 0) --edge.active_count;
    if ((top.flags & kOutermostCall) != 0) edge.ticks += thread->own_ticks - top.start_ticks;
  }
  --thread->depth;
  if (__builtin_expect(thread->top == thread->chunk->frames, 0)) {
    trace_detail::PreviousChunk(thread);
  } else {
    --thread->top;
  }
}

// Makes the frame with `key` the top one, leaving what is above it: events of it went missing (the
// program switched stacks, or took tracing over for a while). False if it is not on the stack.
bool ReturnToFrame(TraceThread* thread, uint64_t key, uint64_t now);

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_THREAD_TRACE_H_
