#include "profile/filter.h"

#include <re2/re2.h>

#include "profile/regular_expressions.h"

namespace lineprof {
Filter::Filter() = default;
Filter::~Filter() = default;
Filter::Filter(Filter&&) noexcept = default;
Filter& Filter::operator=(Filter&&) noexcept = default;

Result<Filter> Filter::Create(const std::vector<std::string>& includes,
                              const std::vector<std::string>& excludes) {
  Result<RegularExpressions> compiled_includes = CompileExpressions("--include", includes);
  if (!compiled_includes) return Error{compiled_includes.error()};
  Result<RegularExpressions> compiled_excludes = CompileExpressions("--exclude", excludes);
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
