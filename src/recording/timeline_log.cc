#include "recording/timeline_log.h"

namespace lineprof {
namespace {

// The chunk of that number, made if it is not there; 0 if there is no room.
uint32_t Chunk(const RecordingMap& map, uint64_t number) {
  const uint64_t at = map.header().timeline.chunks + number * sizeof(uint32_t);
  std::atomic_ref<uint32_t> reference(map.At<uint32_t>(at));
  uint32_t chunk = reference.load(std::memory_order_acquire);
  if (chunk != 0) return chunk;
  constexpr uint64_t kBytes = kTimelineChunk * sizeof(TimelineEntry);
  const uint32_t made = AllocateArena(map, kBytes);
  if (made == 0) return 0;
  if (reference.compare_exchange_strong(chunk, made, std::memory_order_acq_rel)) return made;
  ReturnArena(map, made, kBytes);
  return chunk;
}

}  // namespace

TimelineEntry* AddToTimeline(const RecordingMap& map, const TimelineEntry& entry) {
  TimelineHeader& timeline = map.header().timeline;
  const uint64_t number =
      std::atomic_ref<uint64_t>(timeline.samples).fetch_add(1, std::memory_order_relaxed);
  if (number >= timeline.limit) return nullptr;
  const uint32_t chunk = Chunk(map, number / kTimelineChunk);
  if (chunk == 0) {
    AddTo(timeline.lost, 1);
    return nullptr;
  }
  auto& place = map.At<TimelineEntry>(chunk + number % kTimelineChunk * sizeof(TimelineEntry));
  place.end_ns = entry.end_ns;
  place.cpu_ns = entry.cpu_ns;
  place.wait_ns = entry.wait_ns;
  place.thread = entry.thread;
  std::atomic_ref<uint32_t>(place.node).store(entry.node, std::memory_order_release);
  return &place;
}

}  // namespace lineprof
