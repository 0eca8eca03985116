#include "recording/timeline_decoder.h"

#include <algorithm>
#include <cstring>
#include <optional>

namespace lineprof {

bool TimelineDecoder::Decode(Recording* recording) {
  const TimelineHeader& timeline = header_.timeline;
  if (timeline.limit == 0) return true;
  if (timeline.limit > kMaxTimeline) return false;
  recording->has_timeline = true;
  const uint64_t kept = std::min(timeline.samples, timeline.limit);
  recording->timeline_lost = timeline.samples - kept + timeline.lost;
  // Damaged references may name a chunk more than once.
  uint64_t room = bytes_.size() / sizeof(TimelineEntry);
  for (uint64_t i = 0; i < TimelineChunks(kept); ++i) {
    const uint64_t at = timeline.chunks + i * sizeof(uint32_t);
    if (at + sizeof(uint32_t) > bytes_.size()) return false;
    uint32_t chunk = 0;
    std::memcpy(&chunk, bytes_.data() + at, sizeof(chunk));
    const uint64_t entries = std::min<uint64_t>(kTimelineChunk, kept - i * kTimelineChunk);
    if (chunk == 0) continue;
    if (entries > room || !DecodeChunk(chunk, entries, recording)) return false;
    room -= entries;
  }
  return true;
}

bool TimelineDecoder::DecodeChunk(uint64_t offset, uint64_t entries, Recording* recording) {
  if (offset + entries * sizeof(TimelineEntry) > bytes_.size()) return false;
  for (uint64_t i = 0; i < entries; ++i) {
    TimelineEntry entry;
    std::memcpy(&entry, bytes_.data() + offset + i * sizeof(entry), sizeof(entry));
    if (entry.node == 0) continue;  // being written when the process ended
    const std::optional<uint32_t> node = nodes_.Find(entry.node);
    if (!node) continue;  // made since the nodes were read
    const uint64_t start = header_.start_monotonic_ns;
    recording->timeline.push_back({entry.end_ns > start ? entry.end_ns - start : 0, entry.cpu_ns,
                                   entry.wait_ns, entry.thread, *node});
  }
  return true;
}

}  // namespace lineprof
