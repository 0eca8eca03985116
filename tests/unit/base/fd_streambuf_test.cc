#include "base/fd_streambuf.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <ostream>
#include <string>

#include "base/file.h"
#include "support/temporary_directory.h"

namespace lineprof {
namespace {

TEST(FdStreambuf, WritesSmallAndLargePiecesInOrder) {
  const TemporaryDirectory directory;
  const UniqueFd fd(open(directory.File("out").c_str(), O_WRONLY | O_CREAT, 0600));
  const std::string large(200'000, 'x');
  std::string expected;
  FdStreambuf buffer(fd.get());
  std::ostream out(&buffer);
  for (int i = 0; i < 30'000; i++) {
    out << i << '\n';
    expected += std::to_string(i) + '\n';
  }
  out << large << "end";
  EXPECT_EQ(buffer.Finish(), 0);
  EXPECT_TRUE(out.good());
  EXPECT_EQ(ReadFile(directory.File("out"), 1 << 20).value(), expected + large + "end");
}

TEST(FdStreambuf, KeepsTheFirstError) {
  const UniqueFd full(open("/dev/full", O_WRONLY));
  FdStreambuf buffer(full.get());
  std::ostream out(&buffer);
  out << "short";
  EXPECT_TRUE(out.good());
  EXPECT_EQ(buffer.Finish(), ENOSPC);
  out << std::string(200'000, 'x');
  EXPECT_FALSE(out.good());
  EXPECT_EQ(buffer.Finish(), ENOSPC);
}

}  // namespace
}  // namespace lineprof
