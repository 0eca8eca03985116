#include "lineprof/key_ids.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

TEST(KeyIds, NumberKeysInOrderOfFirstSight) {
  KeyIds<3> ids;
  for (int round = 0; round < 2; round++) {
    for (uint32_t i = 0; i < 10'000; i++) EXPECT_EQ(ids.Add({i, i % 7, i / 3}), i);
  }
  EXPECT_EQ(ids.keys().size(), 10'000u);
}

TEST(KeyIds, KeepNumbersWhenRoomIsMade) {
  KeyIds<1> ids;
  ids.Add({7});
  ids.Add({8});
  ids.Reserve(1'000);
  EXPECT_EQ(ids.Add({9}), 2u);
  EXPECT_EQ(ids.Add({8}), 1u);
}

}  // namespace
}  // namespace lineprof
