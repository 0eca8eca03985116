#include "base/file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "support/temporary_directory.h"

namespace lineprof {
namespace {

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }

UniqueFd OpenNull() { return UniqueFd(open("/dev/null", O_RDWR | O_CLOEXEC)); }

TEST(UniqueFd, ClosesAtItsEnd) {
  int number = -1;
  {
    const UniqueFd fd = OpenNull();
    number = fd.get();
    EXPECT_TRUE(IsOpen(number));
  }
  EXPECT_FALSE(IsOpen(number));
}

TEST(UniqueFd, MoveLeavesOneOwner) {
  UniqueFd first = OpenNull();
  const int number = first.get();
  UniqueFd second = OpenNull();
  const int replaced = second.get();
  second = std::move(first);
  EXPECT_EQ(second.get(), number);
  EXPECT_FALSE(IsOpen(replaced));
  EXPECT_EQ(second.Release(), number);
  EXPECT_FALSE(second.ok());
  EXPECT_TRUE(IsOpen(number));
  close(number);
}

TEST(WriteAll, WritesEverything) {
  const TemporaryDirectory directory;
  const std::string text(1'000'000, 'x');
  {
    const UniqueFd fd(open(directory.File("f").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    EXPECT_EQ(WriteAll(fd.get(), text), 0);
  }
  EXPECT_EQ(ReadFile(directory.File("f"), text.size() + 1).value(), text);
}

TEST(WriteAll, TellsWhyNot) {
  const UniqueFd full(open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(WriteAll(full.get(), "text"), ENOSPC);
  EXPECT_EQ(WriteAll(-1, "text"), EBADF);
  EXPECT_EQ(WriteAll(-1, ""), 0);
}

TEST(ReadFile, StopsAtItsLimit) {
  const TemporaryDirectory directory;
  const std::string path = directory.Write("f", "0123456789");
  EXPECT_EQ(ReadFile(path, 4).value(), "0123");
  EXPECT_EQ(ReadFile(path, 100).value(), "0123456789");
}

TEST(ReadFile, NamesTheFileThatItCannotRead) {
  const TemporaryDirectory directory;
  const std::string missing = directory.File("missing");
  EXPECT_EQ(ReadFile(missing, 1).error(), "cannot open " + missing + ": No such file or directory");
  EXPECT_EQ(ReadFile(directory.path(), 1).error(),
            "cannot read " + directory.path() + ": Is a directory");
}

}  // namespace
}  // namespace lineprof
