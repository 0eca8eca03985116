// The real values of interpreters, and what must be refused.
#include "pyruntime/runtime_layout.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "pyruntime/frame_layout.h"

namespace lineprof {
namespace {

using Runtime = std::array<std::byte, kDebugOffsetsBytes>;

void Put(Runtime& runtime, size_t position, uint64_t word) {
  std::memcpy(runtime.data() + position, &word, sizeof(word));
}

// What CPython 3.13.0 says.
Runtime Runtime313() {
  Runtime runtime{};
  Put(runtime, 40, 632);     // runtime_state.interpreters_head
  Put(runtime, 48, 237736);  // interpreter_state.size
  Put(runtime, 64, 7264);
  Put(runtime, 72, 7344);
  Put(runtime, 96, 7640);
  Put(runtime, 112, 16);
  Put(runtime, 120, 7752);
  Put(runtime, 136, 7768);
  Put(runtime, 144, 7760);
  return runtime;
}

TEST(RuntimeLayoutFromTable, KnowsThreeEightToThreeTwelve) {
  for (int minor = 8; minor <= 12; minor++) EXPECT_TRUE(RuntimeLayoutFromTable(minor).ok());
  for (const int minor : {-1, 0, 7, 13}) EXPECT_FALSE(RuntimeLayoutFromTable(minor).ok());
  EXPECT_FALSE(RuntimeLayoutFromTable(11).value().gil_is_per_interpreter);
  EXPECT_TRUE(RuntimeLayoutFromTable(12).value().gil_is_per_interpreter);
}

TEST(RuntimeLayoutFromDebugOffsets, TakesWhatTheInterpreterSays) {
  const Result<RuntimeLayout> layout = RuntimeLayoutFromDebugOffsets(Runtime313(), 13);
  ASSERT_TRUE(layout.ok()) << layout.error();
  EXPECT_EQ(layout.value().interpreters_head, 632u);
  EXPECT_EQ(layout.value().interpreter_next, 7264u);
  EXPECT_EQ(layout.value().threads_head, 7344u);
  EXPECT_EQ(layout.value().system_dict, 7640u);
  EXPECT_EQ(layout.value().gil, 16u);
  EXPECT_EQ(layout.value().gil_locked, 16u);
  EXPECT_EQ(layout.value().gil_holder, 8u);
}

TEST(RuntimeLayoutFromDebugOffsets, RefusesAbsurdOffsets) {
  for (const size_t position : {40u, 48u, 64u, 72u, 96u, 112u, 120u, 136u, 144u}) {
    for (const uint64_t absurd : {uint64_t{0}, uint64_t{3}, ~uint64_t{0}, uint64_t{1} << 40}) {
      Runtime runtime = Runtime313();
      Put(runtime, position, absurd);
      EXPECT_FALSE(RuntimeLayoutFromDebugOffsets(runtime, 13).ok()) << position << " " << absurd;
    }
  }
  EXPECT_FALSE(RuntimeLayoutFromDebugOffsets({}, 13).ok());
}

}  // namespace
}  // namespace lineprof
