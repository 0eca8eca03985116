#include "recording/record_offsets.h"

#include <gtest/gtest.h>

namespace lineprof {
namespace {

std::vector<uint64_t> Ascending(const RecordOffsets& offsets) {
  std::vector<uint64_t> found;
  offsets.ForEach([&](uint64_t offset) {
    found.push_back(offset);
    return true;
  });
  return found;
}

TEST(RecordOffsets, GivesAscendingWhatCameInAnyOrder) {
  RecordOffsets offsets(4096);
  for (const uint64_t offset : {4088u, 8u, 512u, 504u}) EXPECT_TRUE(offsets.Insert(offset));
  EXPECT_EQ(Ascending(offsets), (std::vector<uint64_t>{8, 504, 512, 4088}));
  EXPECT_EQ(offsets.Count(), 4u);
}

TEST(RecordOffsets, RefusesWhatIsKnownUnalignedOrFarOutside) {
  RecordOffsets offsets(4096);
  EXPECT_TRUE(offsets.Insert(16));
  EXPECT_FALSE(offsets.Insert(16));
  EXPECT_FALSE(offsets.Insert(20));
  EXPECT_FALSE(offsets.Insert(uint64_t{1} << 40));
  EXPECT_EQ(Ascending(offsets), std::vector<uint64_t>{16});
}

TEST(RecordOffsets, StopsWhenToldTo) {
  RecordOffsets offsets(4096);
  offsets.Insert(8);
  offsets.Insert(16);
  int visits = 0;
  EXPECT_FALSE(offsets.ForEach([&](uint64_t) { return ++visits < 1; }));
  EXPECT_EQ(visits, 1);
}

TEST(RecordIds, NumbersInOrder) {
  RecordIds ids;
  const std::vector<uint64_t> offsets = {0, 8, 504, 512, 100'000, 100'008};
  for (const uint64_t offset : offsets) ids.Add(offset);
  for (uint32_t i = 0; i < offsets.size(); i++) EXPECT_EQ(ids.Find(offsets[i]), i);
  for (const uint64_t offset : {16u, 496u, 520u, 99'992u, 100'016u, 9u}) {
    EXPECT_EQ(ids.Find(offset), std::nullopt) << offset;
  }
  EXPECT_EQ(ids.Find(uint64_t{1} << 40), std::nullopt);
}

TEST(RecordIds, FindsNothingAtFirst) { EXPECT_EQ(RecordIds().Find(0), std::nullopt); }

}  // namespace
}  // namespace lineprof
