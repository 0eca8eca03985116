#include "agent/tracing/speed_probe.h"

#include <algorithm>

#include "agent/tracing/trace_clock.h"

namespace lineprof {
namespace {

constexpr int kTries = 4;
constexpr int kRounds = 16;

enum class Step : uint8_t { kAdd, kMix, kLoad, kStore, kShift, kSkipIfOdd };
constexpr Step kSteps[] = {
    Step::kLoad, Step::kAdd,   Step::kStore, Step::kMix,  Step::kSkipIfOdd, Step::kAdd,
    Step::kLoad, Step::kShift, Step::kAdd,   Step::kLoad, Step::kMix,       Step::kStore,
    Step::kAdd,  Step::kStore, Step::kLoad,  Step::kMix,
};

// Not to be computed by the compiler.
template <typename T>
T Hidden(T value) {
  asm volatile("" : "+r"(value));
  return value;
}

[[gnu::noinline]] uint64_t Work() {
  uint64_t slots[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  uint64_t value = Hidden<uint64_t>(1);
  const Step* const steps = Hidden(&kSteps[0]);
  for (uint64_t round = 0; round < kRounds; ++round) {
    for (uint64_t at = 0; at < std::size(kSteps); ++at) {
      uint64_t& slot = slots[(round + at) % std::size(slots)];
      switch (steps[at]) {
        case Step::kAdd:
          value += round;
          break;
        case Step::kMix:
          value ^= value << 7;
          break;
        case Step::kLoad:
          value += slot;
          break;
        case Step::kStore:
          slot = value;
          break;
        case Step::kShift:
          value = value >> 3 | value << 61;
          break;
        case Step::kSkipIfOdd:
          at += round & 1;
          break;
      }
    }
  }
  return Hidden(value);
}

}  // namespace

uint64_t ProbeSpeed() {
  uint64_t best = UINT64_MAX;
  for (int i = 0; i < kTries; ++i) {
    const uint64_t begin = TraceTicks();
    Work();
    best = std::min(best, TraceTicks() - begin);
  }
  return std::max<uint64_t>(best, 1);
}

}  // namespace lineprof
