#include "diff/significance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lineprof {
namespace {

// Of a comparison without a single true difference: how often something is marked.
constexpr double kFalseAlarms = 0.001;
// Fewer samples than this are not judged: their error is not normal.
constexpr uint64_t kMinSamples = 20;
// A line needs so many, before and after, to tell of the drift, and the drift so many lines.
constexpr uint64_t kDriftSamples = 50;
constexpr size_t kMinDriftLines = 3;
// Of a line's time, from run to run, beside the drift; of all of the time, without one.
constexpr double kLineNoise = 0.03;
constexpr double kRunNoise = 0.08;
// From a median absolute deviation to a standard deviation, and from the error of a mean to that of
// a median, both of normal values.
constexpr double kDeviationOfMedian = 1.4826;
constexpr double kErrorOfMedian = 1.2533;

double Squared(double x) { return x * x; }

// REQUIRES: !values.empty()
double Median(std::vector<double> values) {
  const size_t half = values.size() / 2;
  std::sort(values.begin(), values.end());
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// The probability that a normal value is so many deviations away from its mean.
double TwoSided(double deviations) { return std::erfc(std::abs(deviations) / std::sqrt(2.0)); }

}  // namespace

Measure MakeMeasure(uint64_t samples, double seconds, double total_s, double period_s) {
  Measure measure{samples, seconds, 0};
  if (period_s <= 0) return measure;
  const auto n = static_cast<double>(samples);
  const double weight_s = samples > 0 ? seconds / n : period_s;
  const double share = total_s > 0 ? std::min(seconds / total_s, 1.0) : 0;
  // No sample, or none elsewhere, is not certainty: one sample more or less is always possible.
  measure.error_s = weight_s * std::sqrt(std::max(n * (1 - share), 1.0));
  return measure;
}

Drift EstimateDrift(const std::vector<MeasurePair>& lines) {
  std::vector<double> ratios;     // logarithms
  std::vector<double> variances;  // of these, by sampling
  for (const auto& [before, after] : lines) {
    if (std::min(before.samples, after.samples) < kDriftSamples) continue;
    if (before.seconds <= 0 || after.seconds <= 0) continue;
    ratios.push_back(std::log(after.seconds / before.seconds));
    variances.push_back(Squared(before.error_s / before.seconds) +
                        Squared(after.error_s / after.seconds));
  }
  if (ratios.size() < kMinDriftLines) return {1, 0, kRunNoise, 0};
  const double center = Median(ratios);
  std::vector<double> deviations;
  for (const double ratio : ratios) deviations.push_back(std::abs(ratio - center));
  const double scatter = kDeviationOfMedian * Median(deviations);
  const double unexplained = Squared(scatter) - Median(variances);
  Drift drift;
  drift.factor = std::exp(center);
  drift.noise = std::sqrt(std::max(unexplained, Squared(kLineNoise)));
  drift.lines = ratios.size();
  drift.error = drift.factor * kErrorOfMedian *
                std::sqrt((Median(variances) + std::max(unexplained, 0.0)) /
                          static_cast<double>(ratios.size()));
  return drift;
}

std::vector<Difference> FindDifferences(const std::vector<MeasurePair>& pairs, const Drift& drift) {
  std::vector<Difference> differences;
  std::vector<size_t> judged;
  for (const auto& [before, after] : pairs) {
    const double expected_s = before.seconds * drift.factor;
    Difference difference;
    difference.seconds = after.seconds - expected_s;
    difference.error_s = std::sqrt(Squared(after.error_s) + Squared(before.error_s * drift.factor) +
                                   Squared(before.seconds * drift.error) +
                                   Squared(drift.noise * (after.seconds + expected_s) / 2));
    if (std::max(before.samples, after.samples) >= kMinSamples)
      judged.push_back(differences.size());
    differences.push_back(difference);
  }
  // Holm (1979): the smallest probability must pass for all, the next for all but one, and so on.
  const auto probability = [&](size_t i) {
    return TwoSided(differences[i].seconds / differences[i].error_s);
  };
  std::sort(judged.begin(), judged.end(),
            [&](size_t a, size_t b) { return probability(a) < probability(b); });
  for (size_t i = 0; i < judged.size(); i++) {
    const auto left = static_cast<double>(judged.size() - i);
    if (probability(judged[i]) * left >= kFalseAlarms) break;
    differences[judged[i]].is_marked = true;
  }
  return differences;
}

Difference TotalDifference(double before_s, double after_s) {
  Difference difference;
  difference.seconds = after_s - before_s;
  difference.error_s = kRunNoise * (before_s + after_s) / 2;
  difference.is_marked =
      difference.error_s > 0 && TwoSided(difference.seconds / difference.error_s) < kFalseAlarms;
  return difference;
}

}  // namespace lineprof
