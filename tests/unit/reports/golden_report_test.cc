// Whole reports: each case of golden_cases.h through each registered format, byte for byte; and the
// greps that users run on the text report.

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <sstream>
#include <string>
#include <vector>

#include "lineprof/report.h"
#include "support/golden.h"
#include "support/golden_cases.h"
#include "support/readable_report.h"

namespace lineprof {
namespace {

using test::GoldenCase;
using test::GoldenCases;
using test::ReadableReport;

std::string Write(const ReportFormat& format, const Profile& profile) {
  std::ostringstream out;
  format.write(profile, ReportOptions(), out);
  return out.str();
}

TEST(GoldenReports, AreWhatTheyWere) {
  for (const GoldenCase& golden : GoldenCases()) {
    Profile profile = golden.build();
    for (const ReportFormat& format : ReportFormats()) {
      std::string name = std::string(golden.name) + "/expected." + std::string(format.name);
      test::ExpectGolden(name, ReadableReport(format.name, Write(format, profile)));
    }
  }
}

TEST(GoldenReports, AreTheSameEachTime) {
  for (const GoldenCase& golden : GoldenCases()) {
    for (const ReportFormat& format : ReportFormats()) {
      EXPECT_EQ(Write(format, golden.build()), Write(format, golden.build())) << golden.name;
    }
  }
}

// The parts of the report's lines before the source text that `pattern` is found in.
std::vector<std::string> Grep(const std::string& report, const std::string& pattern) {
  re2::RE2 expression(pattern);
  std::vector<std::string> found;
  std::istringstream in(report);
  for (std::string line; std::getline(in, line);) {
    if (re2::RE2::PartialMatch(line, expression)) found.push_back(line.substr(0, 17));
  }
  return found;
}

// The golden case "greps" has lines of 62.5 %, 20 %, 9.99 %, 1 %, 0.99 %, 0.5 % and of 100,000,
// 10,000 and 9,999 hits, and a call of 91 %.
std::string GrepReport() { return test::ReadTestFile(test::GoldenPath("greps/expected.text")); }

TEST(GoldenReports, ShowLinesOfOnePercentToTheUsersGrep) {
  // grep '\( [1-9]\|[1-9][0-9]\)\.[0-9][0-9]%'
  EXPECT_EQ(Grep(GrepReport(), "( [1-9]|[1-9][0-9])\\.[0-9][0-9]%"), (std::vector<std::string>{
                                                                         "File duration: 9.",
                                                                         "     2|     10000",
                                                                         "     3|      9999",
                                                                         "     4|    100000",
                                                                         "     6|        10",
                                                                         "(call)|    125000",
                                                                     }));
}

TEST(GoldenReports, ShowLinesOfTenThousandHitsToTheUsersGrep) {
  // grep '|[ 0-9][ 0-9][ 0-9][ 0-9][ 0-9][0-9][0-9][0-9][0-9][0-9]|'
  EXPECT_EQ(Grep(GrepReport(), "\\|[ 0-9][ 0-9][ 0-9][ 0-9][ 0-9][0-9][0-9][0-9][0-9][0-9]\\|"),
            (std::vector<std::string>{
                "     2|     10000",
                "     4|    100000",
                "(call)|    125000",
            }));
}

TEST(GoldenReports, ShowRowsOfTenPercentToTheReadmesGrep) {
  // grep '[1-9][0-9][0-9]*\.[0-9][0-9]%|'
  EXPECT_EQ(Grep(GrepReport(), "[1-9][0-9][0-9]*\\.[0-9][0-9]%\\|"), (std::vector<std::string>{
                                                                         "     2|     10000",
                                                                         "     4|    100000",
                                                                         "(call)|    125000",
                                                                     }));
}

}  // namespace
}  // namespace lineprof
