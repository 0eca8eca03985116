#include "profile/expressions.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "lineprof/one_line.h"

namespace lineprof {

Result<Expressions> CompileExpressions(std::string_view option,
                                       const std::vector<std::string>& patterns) {
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

bool AnyMatches(const Expressions& expressions, std::string_view text) {
  return std::any_of(expressions.begin(), expressions.end(), [text](const auto& expression) {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *expression);
  });
}

}  // namespace lineprof
