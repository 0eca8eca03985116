#include "cli/progress_line.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "base/file.h"

namespace lineprof {
namespace {

constexpr size_t kMaxBytes = 1000;

TEST(ProgressLine, SaysElapsedTimeSamplesAndProcesses) {
  struct Case {
    ProgressFacts facts;
    const char* text;
  };
  const std::vector<Case> cases = {
      {{12.34, 12300, 3}, "12.3 s, 12,300 samples, 3 processes"},
      {{2, 1, 1}, "2.0 s, 1 sample, 1 process"},
      {{2, 0, 0}, "2.0 s, 0 samples, 0 processes"},
      {{3600.06, 999, 2}, "3600.1 s, 999 samples, 2 processes"},
      {{5, 1234567890, 1}, "5.0 s, 1,234,567,890 samples, 1 process"},
  };
  for (const Case& each : cases) EXPECT_EQ(FormatProgress(each.facts), each.text);
}

// All that a progress line wrote when shown at `times`.
std::string Shown(bool enabled, const std::vector<double>& times) {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return "no pipe";
  const UniqueFd output(ends[0]);
  UniqueFd input(ends[1]);
  {
    ProgressLine line(input.get(), enabled);
    for (const double time : times) line.Show({time, 5, 1});
  }
  input.Close();
  return ReadAll(output.get(), kMaxBytes).value();
}

TEST(ProgressLine, IsWrittenOverItselfAndErased) {
  EXPECT_EQ(Shown(true, {2.5, 3}),
            "\r\033[Klineprof: 2.5 s, 5 samples, 1 process"
            "\r\033[Klineprof: 3.0 s, 5 samples, 1 process"
            "\r\033[K");
}

TEST(ProgressLine, IsSilentInShortRunsAndWhereThereIsNoTerminal) {
  EXPECT_EQ(Shown(true, {0.1, 1.9}), "");
  EXPECT_EQ(Shown(false, {0.1, 100}), "");
}

}  // namespace
}  // namespace lineprof
