#include "recording/control.h"

#include <gtest/gtest.h>

#include "support/temporary_directory.h"

namespace lineprof {
namespace {

TEST(Control, IsSeenByWhoHasMappedIt) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(CreateControl(directory.path(), true).ok());
  const ControlWord* control = MapControl(directory.path().c_str());
  ASSERT_NE(control, nullptr);
  EXPECT_TRUE(IsPaused(control));
  ASSERT_TRUE(WritePaused(directory.path(), false).ok());
  EXPECT_FALSE(IsPaused(control));
  EXPECT_FALSE(ReadPaused(directory.path()).value());
}

TEST(Control, WithoutAFileNothingIsPaused) {
  const TemporaryDirectory directory;
  EXPECT_EQ(MapControl(directory.path().c_str()), nullptr);
  EXPECT_FALSE(IsPaused(nullptr));
  EXPECT_FALSE(ReadPaused(directory.path()).ok());
  EXPECT_FALSE(WritePaused(directory.path(), true).ok());
}

TEST(Control, IsMadeOnce) {
  const TemporaryDirectory directory;
  ASSERT_TRUE(CreateControl(directory.path(), false).ok());
  EXPECT_FALSE(CreateControl(directory.path(), false).ok());
}

}  // namespace
}  // namespace lineprof
