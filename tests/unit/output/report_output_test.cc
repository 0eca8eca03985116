// Where reports go: names with codes, names of one file, numbers that are free.
#include "output/report_output.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "support/temporary_directory.h"

namespace lineprof {
namespace {

using Names = std::vector<std::string>;

constexpr size_t kMaxBytes = 1000;

NameFacts SomeFacts() { return {42, "node1", 1'700'000'000'000'000'000, 1}; }

Result<std::vector<ReportOutput>> OpenAll(const Names& names) {
  std::vector<OutputOptions> outputs;
  for (const std::string& name : names) outputs.push_back({name, FindReportFormat("text")});
  return ReportOutput::OpenAll(outputs, SomeFacts());
}

TEST(ReportOutput, KnowsTwoNamesOfOneFile) {
  const TemporaryDirectory directory;
  directory.Write("a", "");
  std::filesystem::create_symlink("a", directory.File("link"));
  const std::string a = directory.File("a");
  const Names twice[] = {{a, a},
                         {a, directory.path() + "/./a"},
                         {a, directory.File("link")},
                         {directory.File("new"), directory.path() + "//new"},
                         {directory.File("a%p"), directory.File("a%p")},
                         {directory.File("a42"), directory.File("a%p")},
                         {"-", "-"},
                         {"-", "/dev/stdout"}};
  for (const Names& names : twice) {
    const Result<std::vector<ReportOutput>> outputs = OpenAll(names);
    ASSERT_FALSE(outputs.ok()) << names[1];
    EXPECT_EQ(outputs.error(), "--out " + names[1] + " is given twice");
  }
  const Result<std::vector<ReportOutput>> outputs = OpenAll({a, directory.File("b"), "-"});
  ASSERT_TRUE(outputs.ok()) << outputs.error();
  EXPECT_EQ(outputs.value().size(), 3U);
  EXPECT_TRUE(outputs.value()[2].is_standard_output());
  EXPECT_FALSE(std::filesystem::exists(directory.File("b")));
}

TEST(ReportOutput, NamesFilesWhenItWrites) {
  const TemporaryDirectory directory;
  const auto outputs = OpenAll({directory.File("%h-%p-%%.txt")});
  ASSERT_TRUE(outputs.ok()) << outputs.error();
  EXPECT_TRUE(outputs.value()[0].Write("report", SomeFacts()).ok());
  EXPECT_EQ(ReadFile(directory.File("node1-42-%.txt"), kMaxBytes).value(), "report");
}

TEST(ReportOutput, TakesTheFirstFreeNumber) {
  const TemporaryDirectory directory;
  directory.Write("out-1", "old");
  directory.Write("out-3", "old");
  const auto outputs = OpenAll({directory.File("out-%n")});
  ASSERT_TRUE(outputs.ok()) << outputs.error();
  EXPECT_FALSE(outputs.value()[0].is_per_process());
  EXPECT_TRUE(outputs.value()[0].Write("a", SomeFacts()).ok());
  EXPECT_TRUE(outputs.value()[0].Write("b", SomeFacts()).ok());
  EXPECT_EQ(ReadFile(directory.File("out-1"), kMaxBytes).value(), "old");
  EXPECT_EQ(ReadFile(directory.File("out-2"), kMaxBytes).value(), "a");
  EXPECT_EQ(ReadFile(directory.File("out-4"), kMaxBytes).value(), "b");
}

TEST(OutputName, FillsInItsCodes) {
  setenv("TZ", "UTC", 1);
  tzset();
  const std::pair<std::string, std::string> cases[] = {
      {"plain", "plain"}, {"%p", "42"},  {"%h/out", "node1/out"},
      {"100%%", "100%"},  {"%%p", "%p"}, {"%t", "20231114T221320"},
      {"%n-%n", "1-1"},
  };
  for (const auto& [name, expanded] : cases) {
    EXPECT_TRUE(CheckOutputName(name).ok()) << name;
    EXPECT_EQ(ExpandOutputName(name, SomeFacts()), expanded) << name;
  }
}

TEST(OutputName, KnowsItsCodes) {
  EXPECT_TRUE(HasNameCode("a%p", 'p'));
  EXPECT_FALSE(HasNameCode("a%%p", 'p'));
  EXPECT_FALSE(HasNameCode("ap", 'p'));
  EXPECT_FALSE(CheckOutputName("a%").ok());
  EXPECT_FALSE(CheckOutputName("a%x").ok());
  EXPECT_FALSE(CheckOutputName("%p/a").ok());
  EXPECT_FALSE(CheckOutputName("a/%n/b").ok());
  EXPECT_TRUE(CheckOutputName("%h/%t/a").ok());
}

}  // namespace
}  // namespace lineprof
