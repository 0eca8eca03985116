#include "recording/thread_slots.h"

#include <algorithm>
#include <cstring>

namespace lineprof {
namespace {

// Of how many ended threads the least busy one gives its slot up.
constexpr uint32_t kCandidates = 32;

std::atomic_ref<uint32_t> StateOf(ThreadSlot& slot) {
  return std::atomic_ref<uint32_t>(slot.state);
}

constexpr auto kUnused = static_cast<uint32_t>(ThreadSlotState::kUnused);
constexpr auto kLive = static_cast<uint32_t>(ThreadSlotState::kLive);
constexpr auto kEnded = static_cast<uint32_t>(ThreadSlotState::kEnded);
constexpr auto kChangesHands = static_cast<uint32_t>(ThreadSlotState::kChangesHands);

ThreadSlot& SlotAt(const RecordingMap& map, uint64_t index) {
  const RecordingHeader& header = map.header();
  return map.At<ThreadSlot>(header.threads_offset +
                            index % header.thread_count * sizeof(ThreadSlot));
}

ThreadSlot* TakeUnused(const RecordingMap& map) {
  RecordingHeader& header = map.header();
  std::atomic_ref<uint32_t> used(header.threads_used);
  uint32_t index = used.load(std::memory_order_relaxed);
  while (index < header.thread_count) {
    if (used.compare_exchange_weak(index, index + 1)) return &SlotAt(map, index);
  }
  return nullptr;
}

// Of the next ended threads in the table, the one that was the least on the CPU.
ThreadSlot* FindQuiet(const RecordingMap& map) {
  RecordingHeader& header = map.header();
  const uint64_t begin = std::atomic_ref<uint64_t>(header.merge_cursor).fetch_add(kCandidates);
  ThreadSlot* quiet = nullptr;
  for (uint32_t i = 0; i < header.thread_count && (i < kCandidates || quiet == nullptr); ++i) {
    ThreadSlot& slot = SlotAt(map, begin + i);
    if (StateOf(slot).load() != kEnded) continue;
    const auto cpu_ns = [](ThreadSlot& each) {
      return LoadFrom(each.last_cpu_ns) - each.start_cpu_ns;
    };
    if (quiet == nullptr || cpu_ns(slot) < cpu_ns(*quiet)) quiet = &slot;
  }
  return quiet;
}

void Merge(const RecordingMap& map, ThreadSlot& slot) {
  RecordingHeader& header = map.header();
  AddTo(header.merged_threads, 1);
  AddTo(header.merged_cpu_ns, slot.last_cpu_ns - slot.start_cpu_ns);
  AddTo(header.merged_wall_ns, slot.last_wall_ns - slot.start_wall_ns);
  AddTo(header.merged_gil_wait_ns, slot.gil_wait_ns);
  const bool is_shared = slot.tree != 0;
  slot.tree = is_shared ? kTreeShared : 0;
}

// A slot whose thread ended; null where there is none.
ThreadSlot* TakeEnded(const RecordingMap& map) {
  // Another thread may take the same one first.
  for (uint32_t attempt = 0; attempt < kCandidates; ++attempt) {
    ThreadSlot* const slot = FindQuiet(map);
    if (slot == nullptr) return nullptr;
    uint32_t ended = kEnded;
    if (!StateOf(*slot).compare_exchange_strong(ended, kChangesHands)) continue;
    Merge(map, *slot);
    return slot;
  }
  return nullptr;
}

}  // namespace

ThreadSlot* ClaimThreadSlot(const RecordingMap& map, int32_t tid, const ThreadTimes& now) {
  ThreadSlot* slot = TakeUnused(map);
  if (slot == nullptr) slot = TakeEnded(map);
  if (slot == nullptr) return nullptr;
  slot->tid = tid;
  slot->start_wall_ns = now.wall_ns;
  slot->start_cpu_ns = now.cpu_ns;
  StoreTo(slot->gil_wait_ns, 0);
  SetThreadTimes(slot, now);
  SetThreadName(slot, "", 0);  // memcpy must not be given null
  StateOf(*slot).store(kLive, std::memory_order_release);
  return slot;
}

void EndThreadSlot(ThreadSlot* slot, const ThreadTimes& now, bool left_samples) {
  SetThreadTimes(slot, now);
  if (left_samples) slot->tree |= kTreeOwn;
  StateOf(*slot).store(kEnded, std::memory_order_release);
}

void SetThreadTimes(ThreadSlot* slot, const ThreadTimes& now) {
  StoreTo(slot->last_wall_ns, now.wall_ns);
  StoreTo(slot->last_cpu_ns, now.cpu_ns);
}

void SetThreadName(ThreadSlot* slot, std::string_view bytes, uint8_t width) {
  const size_t unit = std::max<size_t>(width, 1);
  const size_t size = std::min(bytes.size(), sizeof(slot->name) / unit * unit);
  std::atomic_ref<uint16_t> shape(reinterpret_cast<uint16_t&>(slot->name_width));
  shape.store(0, std::memory_order_release);
  std::memcpy(slot->name, bytes.data(), size);
  shape.store(static_cast<uint16_t>(width | size << 8), std::memory_order_release);
}

static_assert(sizeof(ThreadSlot::name) < 256 &&
              offsetof(ThreadSlot, name_size) == offsetof(ThreadSlot, name_width) + 1 &&
              offsetof(ThreadSlot, name_width) % 2 == 0);
static_assert(kUnused == 0);  // as the file's bytes are

}  // namespace lineprof
