// Differences by construction, and what chance does: drawn at random and judged.
#include "diff/significance.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace lineprof {
namespace {

constexpr double kPeriod = 0.001;
constexpr double kTotal = 100;
constexpr Whole kWhole{kTotal, kTotal, 1};

Measure Samples(uint64_t samples) {
  return MakeMeasure(samples, static_cast<double>(samples) * kPeriod, kTotal, kPeriod);
}

// Ten lines of so many samples each, all `factor` times as many after.
std::vector<MeasurePair> Even(uint64_t samples, double factor) {
  const auto after = static_cast<uint64_t>(static_cast<double>(samples) * factor);
  return std::vector<MeasurePair>(10, {Samples(samples), Samples(after)});
}

TEST(Measure, ErrsByTheRootOfItsSamples) {
  EXPECT_NEAR(Samples(10'000).error_s, 100 * kPeriod, 6 * kPeriod);
  EXPECT_DOUBLE_EQ(Samples(0).error_s, kPeriod);
  // All samples on one line: only the ends of the run are uncertain.
  EXPECT_DOUBLE_EQ(MakeMeasure(1000, 1, 1, kPeriod).error_s, kPeriod);
  // Counted, not sampled.
  EXPECT_EQ(MakeMeasure(7, 1, 2, 0).error_s, 0);
}

TEST(Drift, IsTheMedianOfTheLines) {
  std::vector<MeasurePair> lines = Even(10'000, 1.1);
  lines[0].after = Samples(30'000);
  const Drift drift = EstimateDrift(lines, kWhole);
  EXPECT_NEAR(drift.factor, 1.1, 0.001);
  EXPECT_EQ(drift.lines, 10U);
  EXPECT_NEAR(drift.noise, std::hypot(0.04, std::log(1.1) / 3), 1e-6);
  EXPECT_DOUBLE_EQ(drift.stall_s, 0.3);
}

TEST(Drift, NeedsThreeLinesWithSamples) {
  EXPECT_EQ(EstimateDrift({}, kWhole).factor, 1);
  std::vector<MeasurePair> lines = Even(49, 2);
  lines[0] = lines[1] = {Samples(1000), Samples(2000)};
  const Drift drift = EstimateDrift(lines, kWhole);
  EXPECT_EQ(drift.factor, 1);
  EXPECT_EQ(drift.lines, 0U);
  EXPECT_DOUBLE_EQ(drift.noise, 0.08);
}

TEST(Drift, OfMoreRunsIsSurer) {
  const Drift drift = EstimateDrift(Even(10'000, 1), {kTotal, kTotal, 4});
  EXPECT_DOUBLE_EQ(drift.noise, 0.02);
  EXPECT_DOUBLE_EQ(drift.stall_s, 0.15);
}

// Few that are known well, among many that are not.
TEST(Drift, HeedsHowSureALineIs) {
  std::vector<MeasurePair> lines(6, {Samples(50), Samples(80)});
  for (int i = 0; i < 3; i++) lines.push_back({Samples(50'000), Samples(51'000)});
  EXPECT_NEAR(EstimateDrift(lines, kWhole).factor, 1.02, 0.001);
}

TEST(Drift, LearnsHowMuchLinesScatter) {
  std::vector<MeasurePair> lines;
  for (const uint64_t after : {7000U, 8000U, 9000U, 10'000U, 11'000U, 12'000U, 13'000U}) {
    lines.push_back({Samples(10'000), Samples(after)});
  }
  EXPECT_GT(EstimateDrift(lines, kWhole).noise, 0.2);
}

TEST(Differences, ASlowLineIsMarkedAndNoOther) {
  std::vector<MeasurePair> lines = Even(10'000, 1.05);
  lines[3].after = Samples(13'125);  // 25 % slower than the others
  const Drift drift = EstimateDrift(lines, kWhole);
  const std::vector<Difference> differences = FindDifferences(lines, drift);
  for (size_t i = 0; i < lines.size(); i++) {
    EXPECT_EQ(differences[i].is_marked, i == 3) << i;
  }
  EXPECT_NEAR(differences[3].seconds, 2.625, 0.01);
}

TEST(Differences, AFewSamplesProveNothing) {
  std::vector<MeasurePair> lines = Even(10'000, 1);
  lines.push_back({Samples(100), Samples(120)});
  lines.push_back({Samples(0), Samples(19)});
  lines.push_back({Samples(0), Samples(3000)});
  const std::vector<Difference> differences = FindDifferences(lines, EstimateDrift(lines, kWhole));
  EXPECT_FALSE(differences[10].is_marked);
  EXPECT_FALSE(differences[11].is_marked);
  EXPECT_TRUE(differences[12].is_marked);
}

// A thousand comparisons of 200 lines that differ by sampling and by some noise only.
TEST(Differences, ChanceIsHardlyEverMarked) {
  std::mt19937 random(1);
  std::normal_distribution<double> noise(0, 0.03);
  int alarms = 0;
  for (int round = 0; round < 1000; round++) {
    std::vector<MeasurePair> lines;
    const double drift = std::exp(noise(random) * 3);
    for (int line = 0; line < 200; line++) {
      const double mean = 5 * std::exp2(line % 12);
      std::poisson_distribution<uint64_t> before(mean);
      std::poisson_distribution<uint64_t> after(mean * drift * std::exp(noise(random)));
      lines.push_back({Samples(before(random)), Samples(after(random))});
    }
    const std::vector<Difference> differences =
        FindDifferences(lines, EstimateDrift(lines, kWhole));
    for (const Difference& each : differences) alarms += each.is_marked ? 1 : 0;
  }
  EXPECT_LE(alarms, 10);
}

TEST(TotalDifference, AllowsForMachines) {
  EXPECT_FALSE(TotalDifference({10, 12, 1}).is_marked);
  EXPECT_TRUE(TotalDifference({10, 12, 4}).is_marked);
  EXPECT_TRUE(TotalDifference({10, 15, 1}).is_marked);
  EXPECT_TRUE(TotalDifference({15, 10, 1}).is_marked);
  EXPECT_FALSE(TotalDifference({0, 0, 1}).is_marked);
}

}  // namespace
}  // namespace lineprof
