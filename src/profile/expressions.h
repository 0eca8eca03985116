// The regular expressions that a repeated option gives: compiled, and searched for together.
//
// THREAD: any.
#ifndef LINEPROF_PROFILE_EXPRESSIONS_H_
#define LINEPROF_PROFILE_EXPRESSIONS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lineprof/result.h"

namespace re2 {
class RE2;
}

namespace lineprof {

using Expressions = std::vector<std::unique_ptr<re2::RE2>>;

// Fails with one line that names `option`, the expression and RE2's reason.
Result<Expressions> CompileExpressions(std::string_view option,
                                       const std::vector<std::string>& patterns);

// Whether one of them is found in `text`.
bool AnyMatches(const Expressions& expressions, std::string_view text);

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_EXPRESSIONS_H_
