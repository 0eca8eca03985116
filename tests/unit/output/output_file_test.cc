#include "output/output_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <new>

#include "base/file.h"
#include "support/temporary_directory.h"

namespace lineprof {
namespace {

constexpr size_t kMaxBytes = 1000;

OutputFile::Report Text(std::string text) {
  return [text](std::ostream& out) { out << text; };
}

size_t CountFiles(const TemporaryDirectory& directory) {
  const std::filesystem::directory_iterator files(directory.path());
  return static_cast<size_t>(std::distance(begin(files), end(files)));
}

TEST(OutputFile, MakesNothingBeforeItIsWritten) {
  const TemporaryDirectory directory;
  const Result<OutputFile> output = OutputFile::Open(directory.File("new"));
  ASSERT_TRUE(output.ok()) << output.error();
  EXPECT_EQ(CountFiles(directory), 0U);
  EXPECT_TRUE(output.value().Write("report").ok());
  EXPECT_EQ(ReadFile(directory.File("new"), kMaxBytes).value(), "report");
  EXPECT_EQ(CountFiles(directory), 1U);
}

TEST(OutputFile, ReplacesAFileAndKeepsItsMode) {
  const TemporaryDirectory directory;
  const std::string path = directory.Write("old", "a much longer text than the new one", 0604);
  const Result<OutputFile> output = OutputFile::Open(path);
  ASSERT_TRUE(output.ok()) << output.error();
  EXPECT_TRUE(output.value().Write("report").ok());
  EXPECT_EQ(ReadFile(path, kMaxBytes).value(), "report");
  struct stat info {};
  stat(path.c_str(), &info);
  EXPECT_EQ(info.st_mode & 07777, 0604U);
}

TEST(OutputFile, ReplacesTheTargetOfALink) {
  const TemporaryDirectory directory;
  const std::string target = directory.Write("target", "old");
  std::filesystem::create_symlink("target", directory.File("link"));
  EXPECT_TRUE(OutputFile::Open(directory.File("link")).value().Write("report").ok());
  EXPECT_EQ(ReadFile(target, kMaxBytes).value(), "report");
  EXPECT_TRUE(std::filesystem::is_symlink(directory.File("link")));
}

TEST(OutputFile, RefusesWhatCannotBeWritten) {
  const TemporaryDirectory directory;
  directory.Write("file", "");
  for (const std::string& name :
       {directory.path(), directory.File("missing/x"), directory.File("file/x"),
        directory.File("new/"), std::string("/proc/x")}) {
    const Result<OutputFile> output = OutputFile::Open(name);
    ASSERT_FALSE(output.ok()) << name;
    EXPECT_TRUE(output.error().starts_with("cannot write " + name + ": ")) << output.error();
  }
  EXPECT_FALSE(OutputFile::Open("").ok());
}

TEST(OutputFile, TellsOfAFullDevice) {
  const Result<OutputFile> output = OutputFile::Open("/dev/full");
  ASSERT_TRUE(output.ok()) << output.error();
  EXPECT_EQ(output.value().Write("report").error(),
            "cannot write /dev/full: No space left on device");
}

TEST(OutputFile, LeavesAllAsItWasIfTheReportCannotBeMade) {
  const TemporaryDirectory directory;
  directory.Write("file", "old");
  const Result<OutputFile> output = OutputFile::Open(directory.File("file"));
  ASSERT_TRUE(output.ok()) << output.error();
  const OutputFile::Report fails = [](std::ostream& out) {
    out << "half";
    throw std::bad_alloc();
  };
  EXPECT_THROW(output.value().Write(fails), std::bad_alloc);
  EXPECT_EQ(ReadFile(directory.File("file"), kMaxBytes).value(), "old");
  EXPECT_EQ(CountFiles(directory), 1U);
}

TEST(OutputFile, WritesANewFileOnlyIfThereIsNone) {
  const TemporaryDirectory directory;
  const Result<OutputFile> output = OutputFile::Open(directory.File("new"));
  ASSERT_TRUE(output.ok()) << output.error();
  EXPECT_TRUE(output.value().WriteNew(Text("first")).value());
  EXPECT_FALSE(output.value().WriteNew(Text("second")).value());
  EXPECT_EQ(ReadFile(directory.File("new"), kMaxBytes).value(), "first");
  EXPECT_EQ(CountFiles(directory), 1U);
  EXPECT_FALSE(OutputFile::Open("/dev/null").value().WriteNew(Text("x")).ok());
}

}  // namespace
}  // namespace lineprof
