#include "output/summary.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace lineprof {
namespace {

LineCost Line(uint32_t line, uint64_t cpu_ns, uint64_t wait_ns) {
  LineCost cost;
  cost.line = line;
  cost.self = {1, cpu_ns, wait_ns};
  return cost;
}

Profile Example() {
  Profile profile;
  profile.period_s = 0.001;
  profile.delivered_hz = 998.7;
  profile.duration_s = 1;
  profile.cpu_samples = 12000;
  profile.wait_samples = 345;
  profile.processes.resize(1);
  SourceFile b;
  b.name = "b.py";
  b.source.lines = {"import os", "    wait()  ", "\tcompute()"};
  b.lines = {Line(2, 0, 300'000'000), Line(3, 400'000'000, 0)};
  SourceFile a;
  a.name = "a.py";
  a.lines = {Line(7, 50'000'000, 0), Line(9, 50'000'000, 0), Line(11, 0, 0)};
  SourceFile c = a;
  c.name = "c.py";
  profile.files = {b, c, a};
  return profile;
}

TEST(Summary, TellsSamplesRateLossesAndTheFiveHottestLines) {
  EXPECT_EQ(FormatSummary(Example()),
            "lineprof: 12345 samples (12000 running, 345 waiting), 1 process, 1 s\n"
            "lineprof: 998.7 samples per second of CPU time, 1000 asked\n"
            "lineprof: no samples lost\n"
            " 40.00%  b.py:3  compute()\n"
            " 30.00%  b.py:2  wait()  \n"
            "  5.00%  a.py:7\n"
            "  5.00%  a.py:9\n"
            "  5.00%  c.py:7\n");
}

TEST(Summary, RanksByTheClockThatWasAskedFor) {
  Profile profile = Example();
  profile.clock = Clock::kCpu;
  const std::string text = FormatSummary(profile);
  EXPECT_NE(text.find("b.py:3"), std::string::npos);
  EXPECT_EQ(text.find("b.py:2"), std::string::npos) << text;
}

TEST(Summary, NamesLossesByReason) {
  Profile profile = Example();
  profile.losses = {{"no frame", 3}, {"no room", 4}};
  EXPECT_NE(FormatSummary(profile).find("7 samples lost: 3 no frame, 4 no room\n"),
            std::string::npos);
}

TEST(Summary, CutsLongSourceAtAWholeCharacter) {
  Profile profile = Example();
  std::string text = std::string(59, 'x') + "\u00e9 and more";
  profile.files[0].source.lines[2] = text;
  EXPECT_NE(FormatSummary(profile).find("b.py:3  " + std::string(59, 'x') + "...\n"),
            std::string::npos);
}

TEST(Summary, OfAnEmptyProfileHasNoHotLines) {
  const std::string text = FormatSummary(Profile());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
}

}  // namespace
}  // namespace lineprof
