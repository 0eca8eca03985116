// The registry: which formats there are, and which one a name asks for.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

#include "lineprof/report.h"

namespace lineprof {
namespace {

TEST(ReportFormats, FindsFormatsByName) {
  ASSERT_NE(FindReportFormat("text"), nullptr);
  EXPECT_EQ(FindReportFormat("text")->name, "text");
  EXPECT_EQ(FindReportFormat("tex"), nullptr);
  EXPECT_EQ(FindReportFormat(""), nullptr);
}

TEST(ReportFormats, AreSortedAndDescribedInOneShortLine) {
  std::string_view before;
  for (const ReportFormat& format : ReportFormats()) {
    EXPECT_LT(before, format.name);
    EXPECT_FALSE(format.description.empty());
    EXPECT_LE(format.description.size(), 70u) << format.name;
    EXPECT_EQ(format.description.find('\n'), std::string_view::npos) << format.name;
    before = format.name;
  }
}

TEST(ReportFormats, NoTwoClaimTheSameNameOfAFile) {
  std::set<std::string_view> seen;
  for (const ReportFormat& format : ReportFormats()) {
    for (std::string_view ending : format.endings) {
      EXPECT_TRUE(ending.starts_with('.')) << ending;
      EXPECT_TRUE(seen.insert(ending).second) << ending;
    }
    for (std::string_view prefix : format.prefixes) {
      EXPECT_TRUE(prefix.ends_with('.')) << prefix;
      EXPECT_TRUE(seen.insert(prefix).second) << prefix;
    }
  }
}

TEST(ReportFormats, AreChosenByTheNameOfTheFile) {
  struct Case {
    std::string_view file;
    std::string_view format;  // empty: none
  };
  const Case cases[] = {
      {"a.json", "json"},
      {"a.speedscope.json", "speedscope"},
      {"callgrind.out.1", "callgrind"},
      {"d/cachegrind.out.app", "callgrind"},
      {"callgrind.out", ""},
      {"a.pb.gz", "pprof"},
      {"a.svg", "flamegraph"},
      {"a.prof", "pstats"},
      {"a.folded", "collapsed"},
      {"a.csv", "csv"},
      {"callgrind.out.json", "callgrind"},
      {"out.txt", "text"},
      {"a/b.c/out.txt", "text"},
      {".txt", "text"},
      {"out", ""},
      {"", ""},
      {"out.unknown", ""},
      {"a.txt/out", ""},
      {"out.TXT", ""},
      {"outtxt", ""},
  };
  for (const auto& [file, name] : cases) {
    const ReportFormat* format = FindReportFormatForFile(file);
    EXPECT_EQ(format == nullptr ? "" : format->name, name) << file;
  }
}

}  // namespace
}  // namespace lineprof
