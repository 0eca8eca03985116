#include "diff/significance.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace lineprof {
namespace {

// Of a comparison without a true difference: how often something is marked, by the model.
constexpr double kFalseAlarms = 0.01;
// Fewer samples than this are not judged: their error is not normal.
constexpr uint64_t kMinSamples = 20;
// A line needs so many, before and after, to tell of the drift, and the drift so many lines.
constexpr uint64_t kDriftSamples = 50;
constexpr size_t kMinDriftLines = 3;
// From run to run: of a line's time, beside the drift; of all of the time, without one; and the
// part of a run's time that a stall may add to whichever line it falls on.
constexpr double kLineNoise = 0.04;
constexpr double kRunNoise = 0.08;
// What slows a machine down does not slow all lines alike: by so much of the drift (its logarithm)
// they differ.
constexpr double kUnevenDrift = 1.0 / 3;
constexpr double kStall = 0.003;
// The error of a median over that of a mean, of normal values; and the median of their squares.
constexpr double kErrorOfMedian = 1.2533;
constexpr double kMedianSquare = 0.4549;

double Squared(double x) { return x * x; }

// How much longer a line took, as a logarithm, and the variance of that by sampling and stalls.
struct Ratio {
  double value;
  double variance;
};

std::vector<Ratio> ReliableRatios(const std::vector<MeasurePair>& lines, double stall_s) {
  std::vector<Ratio> ratios;
  for (const auto& [before, after] : lines) {
    if (std::min(before.samples, after.samples) < kDriftSamples) continue;
    if (before.seconds <= 0 || after.seconds <= 0) continue;
    const auto variance = [stall_s](const Measure& measure) {
      return (Squared(measure.error_s) + Squared(stall_s) / 2) / Squared(measure.seconds);
    };
    ratios.push_back(
        {std::log(after.seconds / before.seconds), variance(before) + variance(after)});
  }
  return ratios;
}

// The value that half of the weight is below; a ratio weighs the more, the surer it is, but none
// more than `noise` allows. REQUIRES: !ratios.empty()
double WeightedMedian(std::vector<Ratio> ratios, double noise) {
  const auto weight = [noise](const Ratio& ratio) { return 1 / (ratio.variance + Squared(noise)); };
  std::sort(ratios.begin(), ratios.end(),
            [](const Ratio& a, const Ratio& b) { return a.value < b.value; });
  double rest = 0;
  for (const Ratio& ratio : ratios) rest += weight(ratio) / 2;
  size_t i = 0;
  while (i + 1 < ratios.size() && (rest -= weight(ratios[i])) > 0) i++;
  return ratios[i].value;
}

// The noise beside that with which the lines scatter about `center` as they do: that makes the
// median of their squared deviations, each over its variance, what it is for normal values. (Paule
// and Mandel's method with a median for the mean: lines that did change must not count.)
double UnexplainedScatter(const std::vector<Ratio>& ratios, double center) {
  const auto median_square = [&](double noise) {
    std::vector<double> squares;
    for (const Ratio& ratio : ratios) {
      squares.push_back(Squared(ratio.value - center) / (ratio.variance + Squared(noise)));
    }
    const auto middle = squares.begin() + static_cast<std::ptrdiff_t>(squares.size() / 2);
    std::nth_element(squares.begin(), middle, squares.end());
    return *middle;
  };
  double low = 0;
  double high = 10;
  constexpr int kHalvings = 30;
  for (int i = 0; i < kHalvings; i++) {
    const double noise = (low + high) / 2;
    (median_square(noise) > kMedianSquare ? low : high) = noise;
  }
  return low;
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

Drift EstimateDrift(const std::vector<MeasurePair>& lines, const Whole& whole) {
  const double least_noise = kLineNoise / std::sqrt(whole.runs);
  Drift drift;
  drift.stall_s = kStall * std::max(whole.before_s, whole.after_s) / std::sqrt(whole.runs);
  const std::vector<Ratio> ratios = ReliableRatios(lines, drift.stall_s);
  drift.noise = kRunNoise / std::sqrt(whole.runs);
  if (ratios.size() < kMinDriftLines) return drift;
  const double center = WeightedMedian(ratios, least_noise);
  drift.factor = std::exp(center);
  drift.noise =
      std::max(UnexplainedScatter(ratios, center), std::hypot(least_noise, kUnevenDrift * center));
  drift.lines = ratios.size();
  double weight = 0;
  for (const Ratio& ratio : ratios) weight += 1 / (ratio.variance + Squared(drift.noise));
  drift.error = drift.factor * kErrorOfMedian / std::sqrt(weight);
  return drift;
}

std::vector<Difference> FindDifferences(const std::vector<MeasurePair>& pairs, const Drift& drift) {
  std::vector<Difference> differences;
  std::vector<size_t> judged;
  for (const auto& [before, after] : pairs) {
    const double expected_s = before.seconds * drift.factor;
    Difference difference;
    difference.seconds = after.seconds - expected_s;
    difference.error_s =
        std::sqrt(Squared(after.error_s) + Squared(before.error_s * drift.factor) +
                  Squared(before.seconds * drift.error) +
                  Squared(drift.noise * (after.seconds + expected_s) / 2) + Squared(drift.stall_s));
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

Difference TotalDifference(const Whole& whole) {
  Difference difference;
  difference.seconds = whole.after_s - whole.before_s;
  difference.error_s = kRunNoise / std::sqrt(whole.runs) * (whole.before_s + whole.after_s) / 2;
  difference.is_marked =
      difference.error_s > 0 && TwoSided(difference.seconds / difference.error_s) < kFalseAlarms;
  return difference;
}

}  // namespace lineprof
