// The threads of a recording: a table of fixed size, whatever the number of threads.
//
// A thread gets a slot when it starts. When it ends it keeps the slot, with its name and totals,
// until the table is full and another thread needs it: then the least busy of some ended threads is
// merged into the header's totals. So the busiest threads stay, and 10,000 short ones take no more
// room than a thousand.
//
// SIGNAL-SAFE. THREAD: any, at the same time. GIL: not needed.
#ifndef LINEPROF_RECORDING_THREAD_SLOTS_H_
#define LINEPROF_RECORDING_THREAD_SLOTS_H_

#include <cstdint>
#include <string_view>

#include "recording/recording_map.h"

namespace lineprof {

// A thread's clocks: CLOCK_MONOTONIC, and the thread's own CPU clock.
struct ThreadTimes {
  uint64_t wall_ns = 0;
  uint64_t cpu_ns = 0;
};

// A slot for a thread that starts now, without a name; null where all are of live threads.
ThreadSlot* ClaimThreadSlot(const RecordingMap& map, int32_t tid, const ThreadTimes& now);

// The thread ends. `left_samples`: some nodes stand for it.
void EndThreadSlot(ThreadSlot* slot, const ThreadTimes& now, bool left_samples);

// What the thread took up to now.
void SetThreadTimes(ThreadSlot* slot, const ThreadTimes& now);

// `width`: bytes a code point, as in CodeRecord; 0: a name of the kernel's. One that is too long is
// cut off. THREAD: one at a time for each slot.
void SetThreadName(ThreadSlot* slot, std::string_view bytes, uint8_t width);

// The slot's offset in the file.
inline uint32_t OffsetOfSlot(const RecordingMap& map, const ThreadSlot* slot) {
  return static_cast<uint32_t>(reinterpret_cast<const std::byte*>(slot) - map.base);
}

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_THREAD_SLOTS_H_
