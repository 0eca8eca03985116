#include "profile/filter.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

namespace lineprof {
namespace {

using Expressions = std::vector<std::unique_ptr<re2::RE2>>;

// A message is one line, whatever the expression holds.
std::string OneLine(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else {
      out += c;
    }
  }
  return out;
}

Result<Expressions> Compile(std::string_view option, const std::vector<std::string>& patterns) {
  re2::RE2::Options options;
  options.set_log_errors(false);  // RE2 would write to standard error by itself
  Expressions expressions;
  for (const std::string& pattern : patterns) {
    auto expression = std::make_unique<re2::RE2>(pattern, options);
    if (!expression->ok()) {
      return Error{OneLine(fmt::format("{}: bad regular expression '{}': {}", option, pattern,
                                       expression->error()))};
    }
    expressions.push_back(std::move(expression));
  }
  return expressions;
}

bool AnyMatches(const Expressions& expressions, std::string_view name) {
  return std::any_of(expressions.begin(), expressions.end(), [name](const auto& expression) {
    return re2::RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), *expression);
  });
}

}  // namespace

Filter::Filter() = default;
Filter::~Filter() = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;

Result<Filter> Filter::Create(const std::vector<std::string>& includes,
                              const std::vector<std::string>& excludes) {
  Result<Expressions> compiled_includes = Compile("--include", includes);
  if (!compiled_includes) return Error{compiled_includes.error()};
  Result<Expressions> compiled_excludes = Compile("--exclude", excludes);
  if (!compiled_excludes) return Error{compiled_excludes.error()};
  Filter filter;
  filter.includes_ = std::move(compiled_includes).value();
  filter.excludes_ = std::move(compiled_excludes).value();
  return filter;
}

bool Filter::Includes(std::string_view file_name, std::optional<bool> excluded_already) const {
  bool includes_stand_alone =
      !includes_.empty() && excludes_.empty() && !excluded_already.has_value();
  bool excluded =
      includes_stand_alone || excluded_already.value_or(false) || AnyMatches(excludes_, file_name);
  return !excluded || AnyMatches(includes_, file_name);
}

}  // namespace lineprof
