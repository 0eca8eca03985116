// A mapped recording, as the process it describes sees it: where things are in it, and how they are
// added. Owns nothing; recording_file.h maps and unmaps.
//
// All functions here: SIGNAL-SAFE. THREAD: any, at the same time. GIL: not needed. They never
// block; what does not fit is refused by 0.
#ifndef LINEPROF_RECORDING_RECORDING_MAP_H_
#define LINEPROF_RECORDING_RECORDING_MAP_H_

#include <atomic>
#include <cstdint>

#include "recording/layout.h"

namespace lineprof {

struct RecordingMap {
  std::byte* base = nullptr;

  RecordingHeader& header() const { return *reinterpret_cast<RecordingHeader*>(base); }
  template <typename T>
  T& At(uint64_t offset) const {
    return *reinterpret_cast<T*>(base + offset);
  }
};

inline void AddTo(uint64_t& counter, uint64_t amount) {
  std::atomic_ref<uint64_t>(counter).fetch_add(amount, std::memory_order_relaxed);
}
inline void StoreTo(uint64_t& field, uint64_t value) {
  std::atomic_ref<uint64_t>(field).store(value, std::memory_order_relaxed);
}
inline uint64_t LoadFrom(uint64_t& field) {
  return std::atomic_ref<uint64_t>(field).load(std::memory_order_relaxed);
}

// Takes `size` bytes (rounded up to kArenaAlignment) from the arena. Gives the offset, 0 if full.
uint32_t AllocateArena(const RecordingMap& map, uint64_t size);

// Gives the newest allocation back, if nothing was allocated after it; else it stays unused.
void ReturnArena(const RecordingMap& map, uint32_t offset, uint64_t size);

// The published record that equals the filled one at `offset` (its hash is computed here); 0 if
// there is none yet.
uint32_t FindCode(const RecordingMap& map, uint32_t offset);

// Publishes the filled record at `offset` (its hash is computed here), or, when an equal one is
// there already, gives `offset` back and that one's offset.
uint32_t PublishCode(const RecordingMap& map, uint32_t offset);

// The node of that frame under `parent`, made if it is new; 0 if full.
uint32_t InternNode(const RecordingMap& map, uint32_t parent, uint32_t code, int32_t instruction,
                    uint32_t callee);

void CountLoss(const RecordingMap& map, LossReason reason, uint64_t cpu_ns);

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_RECORDING_MAP_H_
