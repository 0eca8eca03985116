#include "launcher/recording_directory.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "support/temporary_directory.h"

namespace lineprof {
namespace {

constexpr uint64_t kNoBytes = 0;

TEST(RecordingDirectory, IsPrivateAndRemovedWithItsContents) {
  const TemporaryDirectory parent;
  std::string path;
  {
    const Result<RecordingDirectory> made = RecordingDirectory::Create({parent.path()}, kNoBytes);
    ASSERT_TRUE(made.ok()) << made.error();
    path = made.value().path();
    struct stat info {};
    ASSERT_EQ(stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0700U);
    parent.Write(path.substr(parent.path().size() + 1) + "/1.recording", "x");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(RecordingDirectory, StaysIfKept) {
  const TemporaryDirectory parent;
  std::string path;
  {
    Result<RecordingDirectory> made = RecordingDirectory::Create({parent.path()}, kNoBytes);
    path = made.value().path();
    made.value().Keep();
  }
  EXPECT_TRUE(std::filesystem::exists(path));
}

TEST(RecordingDirectory, GoesToTheFirstParentThatWillDo) {
  const TemporaryDirectory parent;
  const std::string file = parent.Write("file", "");
  const Result<RecordingDirectory> made = RecordingDirectory::Create(
      {"", "relative", "/missing", file, "/proc", parent.path()}, kNoBytes);
  ASSERT_TRUE(made.ok()) << made.error();
  EXPECT_TRUE(made.value().path().starts_with(parent.path() + "/"));
}

TEST(RecordingDirectory, NeedsRoom) {
  const TemporaryDirectory parent;
  const Result<RecordingDirectory> made =
      RecordingDirectory::Create({parent.path()}, uint64_t{1} << 60);
  ASSERT_FALSE(made.ok());
  EXPECT_NE(made.error().find(parent.path() + ": less than"), std::string::npos) << made.error();
  EXPECT_TRUE(std::filesystem::is_empty(parent.path()));
}

}  // namespace
}  // namespace lineprof
