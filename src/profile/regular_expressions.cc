#include "profile/regular_expressions.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

namespace lineprof {
namespace {

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

}  // namespace

Result<RegularExpressions> CompileExpressions(std::string_view option,
                                              const std::vector<std::string>& patterns) {
  re2::RE2::Options options;
  options.set_log_errors(false);  // RE2 would write to standard error by itself
  RegularExpressions expressions;
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

bool AnyMatches(const RegularExpressions& expressions, std::string_view name) {
  return std::any_of(expressions.begin(), expressions.end(), [name](const auto& expression) {
    return re2::RE2::PartialMatch(re2::StringPiece(name.data(), name.size()), *expression);
  });
}

}  // namespace lineprof
