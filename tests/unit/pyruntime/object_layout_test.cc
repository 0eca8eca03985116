// Layouts of objects: of every version, and what must be refused.
#include "pyruntime/object_layout.h"

#include <gtest/gtest.h>

#include <string>

#include "support/debug_offsets.h"

namespace lineprof {
namespace {

using test::DebugOffsetsVersion;
using test::DebugOffsetsWord;
using test::RuntimeImage;

TEST(ObjectLayout, OfOldVersionsNeedsNoDebugOffsets) {
  for (int minor = 8; minor <= 10; ++minor) {
    const Result<ObjectLayout> layout = FindObjectLayout(minor, {});
    ASSERT_TRUE(layout.ok()) << minor;
    EXPECT_FALSE(layout.value().has_compact_keys);
    EXPECT_FALSE(layout.value().has_int_tag);
    EXPECT_EQ(layout.value().locals, minor == 10 ? 352u : 360u);
    EXPECT_EQ(layout.value().kinds, 0u);
  }
  for (int minor = 11; minor <= 12; ++minor) {
    const Result<ObjectLayout> layout = FindObjectLayout(minor, {});
    ASSERT_TRUE(layout.ok()) << minor;
    EXPECT_TRUE(layout.value().has_compact_keys);
    EXPECT_EQ(layout.value().has_int_tag, minor == 12);
    EXPECT_EQ(layout.value().locals, 72u);
    EXPECT_EQ(layout.value().split_values, 0u);
  }
}

TEST(ObjectLayout, OfNewVersionsIsWhatTheyTell) {
  for (const DebugOffsetsVersion& version : test::DebugOffsetsVersions()) {
    const RuntimeImage image = test::MakeRuntimeImage(version);
    const Result<ObjectLayout> layout = FindObjectLayout(version.minor, image);
    ASSERT_TRUE(layout.ok()) << layout.error();
    EXPECT_EQ(layout.value().locals, version.minor == 13 ? 72u : 80u);
    EXPECT_EQ(layout.value().names, 96u);
    EXPECT_EQ(layout.value().kinds, 104u);
    EXPECT_EQ(layout.value().tuple_items, version.minor == 13 ? 24u : 32u);
    EXPECT_EQ(layout.value().local_pointer_mask, version.minor == 13 ? ~uint64_t{0} : ~uint64_t{7});
  }
}

TEST(ObjectLayout, RefusesAbsurdOffsets) {
  for (const DebugOffsetsVersion& version : test::DebugOffsetsVersions()) {
    for (const DebugOffsetsWord& word : version.object_words) {
      for (const uint64_t absurd :
           {uint64_t{0}, uint64_t{8}, uint64_t{17}, uint64_t{1024}, ~uint64_t{7}}) {
        RuntimeImage image = test::MakeRuntimeImage(version);
        test::PutWord(&image, word.position, absurd);
        const Result<ObjectLayout> layout = FindObjectLayout(version.minor, image);
        ASSERT_FALSE(layout.ok()) << word.name << " " << absurd;
        EXPECT_NE(layout.error().find(word.name), std::string::npos) << layout.error();
      }
    }
  }
}

TEST(ObjectLayout, RefusesARuntimeThatIsCutOff) {
  for (const DebugOffsetsVersion& version : test::DebugOffsetsVersions()) {
    RuntimeImage image = test::MakeRuntimeImage(version);
    image.resize(version.object_words.back().position + 7);
    EXPECT_FALSE(FindObjectLayout(version.minor, image).ok()) << version.minor;
  }
}

}  // namespace
}  // namespace lineprof
