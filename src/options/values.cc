#include "options/values.h"

#include <charconv>
#include <cmath>

namespace lineprof {

std::optional<double> ParseDouble(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<int> ParseInt(const std::string& text) {
  int value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

Result<std::optional<double>> ParsePercent(const GivenOptions& given, const std::string& option) {
  if (!given.Has(option)) return std::optional<double>();
  const std::string& text = given.Text(option);
  const std::optional<double> percent = ParseDouble(text);
  if (percent && *percent >= 0) return percent;
  return Error{fmt::format("--{} '{}': must be a number of percent, 0 or more", option, text)};
}

}  // namespace lineprof
