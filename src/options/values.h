// Values of options: numbers and choices, with the one line that tells of a bad one.
//
// THREAD: any.
#ifndef LINEPROF_OPTIONS_VALUES_H_
#define LINEPROF_OPTIONS_VALUES_H_

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "lineprof/result.h"
#include "options/given_options.h"

namespace lineprof {

// All of `text` as a number; nothing if it is none, or not finite.
std::optional<double> ParseDouble(const std::string& text);
std::optional<int> ParseInt(const std::string& text);

// What --hot and --fail-above take: 0 or more. Nothing if the option is not given.
Result<std::optional<double>> ParsePercent(const GivenOptions& given, const std::string& option);

// The value that stands beside `text`. Fails with one line that names the option and what it takes.
template <typename T>
Result<T> FindChoice(const std::string& option, const std::string& text,
                     const std::vector<std::pair<std::string, T>>& choices) {
  std::string names;
  for (const auto& [name, value] : choices) {
    if (text == name) return value;
    names += (names.empty() ? "" : ", ") + name;
  }
  return Error{fmt::format("--{} '{}': must be one of {}", option, text, names)};
}

// Sets `target` to the choice that is given, if one is.
template <typename T, typename Target>
Result<void> ParseChoice(const GivenOptions& given, const std::string& option,
                         const std::vector<std::pair<std::string, T>>& choices, Target& target) {
  if (!given.Has(option)) return {};
  const Result<T> choice = FindChoice(option, given.Text(option), choices);
  if (!choice.ok()) return Error{choice.error()};
  target = choice.value();
  return {};
}

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_VALUES_H_
