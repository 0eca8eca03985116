#include "recording/trace_decoder.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

namespace lineprof {
namespace {

// Damaged numbers may be anything: they wrap around rather than overflow.
int64_t Sum(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}
int64_t Difference(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}

}  // namespace

TraceDecoder::TraceDecoder(std::string_view bytes, const RecordingHeader& header,
                           const RecordIds& codes)
    : bytes_(bytes),
      header_(header),
      codes_(codes),
      records_left_(bytes.size() / sizeof(LinesRecord)) {
  static_assert(
      sizeof(LinesRecord) <= sizeof(LineCounter) && sizeof(LinesRecord) <= sizeof(EdgeRecord) &&
      sizeof(LinesRecord) <= sizeof(OpenFrame) && sizeof(LinesRecord) <= sizeof(TraceThread));
}

bool TraceDecoder::Decode(Recording* recording) {
  const TraceHeader& trace = header_.trace;
  if (!std::isfinite(trace.ns_per_tick) || trace.ns_per_tick <= 0) return false;
  recording->deterministic = true;
  recording->timer = trace.clock == static_cast<uint32_t>(TraceClockKind::kTsc)
                         ? "time stamp counter"
                         : "CLOCK_MONOTONIC";
  recording->event_cost_ns = std::isfinite(trace.event_cost_ns) ? trace.event_cost_ns : 0;
  if (!DecodeThreads() || !DecodeLines(recording)) return false;
  // The last event is the last sign of life that a killed process gave.
  if (last_ticks_ > trace.start_ticks) {
    const uint64_t end =
        trace.start_ns + ToNs(static_cast<int64_t>(last_ticks_ - trace.start_ticks));
    recording->end_monotonic_ns = std::max(recording->end_monotonic_ns, end);
  }
  if (trace.lost_events != 0) {
    recording->notes.push_back("the recording is full: some code or calls are not counted");
  }
  return true;
}

uint64_t TraceDecoder::ToNs(int64_t ticks) const {
  constexpr double kMostNs = 1e18;  // thirty years
  if (ticks <= 0) return 0;
  return static_cast<uint64_t>(
      std::min(static_cast<double>(ticks) * header_.trace.ns_per_tick, kMostNs));
}

bool TraceDecoder::DecodeThreads() {
  for (uint32_t at = header_.trace.threads; at != 0;) {
    TraceThread thread;
    if (records_left_-- == 0 || !Get(at, &thread) || !DecodeFrames(thread)) return false;
    last_ticks_ = std::max(last_ticks_, thread.last_ticks);
    at = thread.next;
  }
  return true;
}

// Calls that the thread was in: up to now they took what the thread has since then.
bool TraceDecoder::DecodeFrames(const TraceThread& thread) {
  uint32_t chunk = thread.chunks;
  for (uint64_t i = 0; i <= thread.depth; ++i) {
    if (i != 0 && i % kFramesPerChunk == 0 && !Get(chunk, &chunk)) return false;
    OpenFrame frame;
    if (records_left_-- == 0 || chunk == 0 ||
        !Get(chunk + offsetof(FrameChunk, frames) + i % kFramesPerChunk * sizeof(OpenFrame),
             &frame)) {
      return false;
    }
    if (i == 0 || (frame.flags & kOutermostCall) == 0) continue;
    int64_t& open = open_ticks_[frame.edge];
    open = Sum(open, Difference(thread.own_ticks, frame.start_ticks));
  }
  return true;
}

bool TraceDecoder::DecodeLines(Recording* recording) {
  for (uint32_t at = header_.trace.lines; at != 0;) {
    LinesRecord record;
    if (records_left_-- == 0 || !Get(at, &record)) return false;
    const std::optional<uint32_t> code = codes_.Find(record.code);
    if (!code) return false;
    for (uint64_t i = 0; i < record.line_count; ++i) {
      LineCounter counter;
      if (records_left_-- == 0 ||
          !Get(at + sizeof(LinesRecord) + i * sizeof(LineCounter), &counter)) {
        return false;
      }
      if (counter.hits == 0 && counter.edges == 0) continue;
      RecordedLine line;
      line.code = *code;
      line.line = record.first_line + static_cast<uint32_t>(i);
      line.hits = counter.hits;
      line.time_ns = ToNs(counter.ticks);
      recording->events += line.hits;
      recording->lines.push_back(line);
      if (!DecodeEdges(line, counter.edges, recording)) return false;
    }
    at = record.next;
  }
  return true;
}

bool TraceDecoder::DecodeEdges(const RecordedLine& line, uint32_t first, Recording* recording) {
  EdgeRecord record;
  for (uint32_t at = first; at != 0; at = record.next) {
    if (records_left_-- == 0 || !Get(at, &record)) return false;
    const std::optional<uint32_t> callee = codes_.Find(record.callee);
    if (!callee) continue;  // made since the code objects were read
    const auto open = open_ticks_.find(at);
    const int64_t open_ticks = open == open_ticks_.end() ? 0 : open->second;
    recording->edges.push_back(
        {line.code, line.line, *callee, record.calls, ToNs(Sum(record.ticks, open_ticks))});
    recording->events += record.calls;
  }
  return true;
}

}  // namespace lineprof
