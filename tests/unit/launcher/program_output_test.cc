#include "launcher/program_output.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "support/temporary_directory.h"

namespace lineprof {
namespace {

// The process's three descriptors are a pseudo-terminal's meanwhile, or what a test puts there.
class ProgramOutputTest : public testing::Test {
 protected:
  void SetUp() override {
    int master = -1;
    int slave = -1;
    ASSERT_EQ(openpty(&master, &slave, nullptr, nullptr, nullptr), 0);
    master_ = UniqueFd(master);
    slave_ = UniqueFd(slave);
    for (int fd = 0; fd < 3; fd++) {
      originals_[fd] = UniqueFd(dup(fd));
      dup2(slave, fd);
    }
  }
  void TearDown() override {
    for (int fd = 0; fd < 3; fd++) dup2(originals_[fd].get(), fd);
  }

  static void Write(int fd, const std::string& text) { ASSERT_EQ(WriteAll(fd, text), 0); }

  std::string Screen() {
    char bytes[4096];
    fcntl(master_.get(), F_SETFL, O_NONBLOCK);
    const ssize_t got = read(master_.get(), bytes, sizeof(bytes));
    return {bytes, got > 0 ? static_cast<size_t>(got) : 0};
  }

  using Lines = std::vector<std::string>;
  TemporaryDirectory directory_;
  UniqueFd master_;
  UniqueFd slave_;
  UniqueFd originals_[3];
};

TEST_F(ProgramOutputTest, KeepsWhatIsWrittenInOrder) {
  Result<ProgramOutput> output = ProgramOutput::Redirect(directory_.File("output"));
  ASSERT_TRUE(output.ok()) << output.error();
  Write(1, "one\n");
  Write(2, "two\n");
  Write(1, "three");
  char byte = 0;
  EXPECT_EQ(read(0, &byte, 1), 0);
  output.value().Restore();
  EXPECT_TRUE(isatty(0) && isatty(1) && isatty(2));
  EXPECT_EQ(output.value().LastLines(10), (Lines{"one", "two", "three"}));
  EXPECT_EQ(output.value().LastLines(2), (Lines{"two", "three"}));
  EXPECT_EQ(output.value().LastLines(0), Lines{});
  EXPECT_EQ(Screen(), "");
  output.value().Forward();
  EXPECT_EQ(Screen(), "one\r\ntwo\r\nthree");
  output.value().Forward();
  EXPECT_EQ(Screen(), "");
}

TEST_F(ProgramOutputTest, WhatIsNoTerminalStaysAsItIs) {
  const std::string path = directory_.Write("errors", "");
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  dup2(file.get(), 2);
  Result<ProgramOutput> output = ProgramOutput::Redirect(directory_.File("output"));
  ASSERT_TRUE(output.ok()) << output.error();
  Write(2, "an error\n");
  output.value().Restore();
  EXPECT_EQ(output.value().LastLines(10), Lines{});
  EXPECT_EQ(ReadFile(path, 100).value(), "an error\n");
}

TEST_F(ProgramOutputTest, EmptyLinesAndLongOnesAreLines) {
  Result<ProgramOutput> output = ProgramOutput::Redirect(directory_.File("output"));
  ASSERT_TRUE(output.ok());
  Write(1, "\n\na\n\n");
  output.value().Restore();
  EXPECT_EQ(output.value().LastLines(10), (Lines{"", "", "a", ""}));
}

TEST_F(ProgramOutputTest, OldBlocksAreGivenBack) {
  const std::string path = directory_.File("output");
  Result<ProgramOutput> output = ProgramOutput::Redirect(path);
  ASSERT_TRUE(output.ok());
  output.value().Restore();
  // What is not written has no blocks: only the tail takes room.
  const UniqueFd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  constexpr auto kSize = static_cast<off_t>(ProgramOutput::kKeptBytes + (3 << 20));
  Write(file.get(), std::string(1 << 20, 'x'));
  ASSERT_EQ(ftruncate(file.get(), kSize), 0);
  struct stat before {};
  ASSERT_EQ(fstat(file.get(), &before), 0);
  output.value().Trim();
  struct stat after {};
  ASSERT_EQ(fstat(file.get(), &after), 0);
  EXPECT_EQ(after.st_size, kSize);
  EXPECT_LT(after.st_blocks, before.st_blocks);
}

TEST_F(ProgramOutputTest, FailsWithOneLineWhereThereIsNoRoom) {
  const Result<ProgramOutput> output = ProgramOutput::Redirect(directory_.File("no/such/output"));
  ASSERT_FALSE(output.ok());
  EXPECT_NE(output.error().find("no/such/output"), std::string::npos);
  EXPECT_TRUE(isatty(1));
}

}  // namespace
}  // namespace lineprof
