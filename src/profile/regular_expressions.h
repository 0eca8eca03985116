// The regular expressions of an option that may be given several times: RE2 searches.
//
// THREAD: any, after compiling.
#ifndef LINEPROF_PROFILE_REGULAR_EXPRESSIONS_H_
#define LINEPROF_PROFILE_REGULAR_EXPRESSIONS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lineprof/result.h"

namespace re2 {
class RE2;
}

namespace lineprof {

using RegularExpressions = std::vector<std::unique_ptr<re2::RE2>>;

// Fails with one line that names the option, the expression and RE2's reason.
Result<RegularExpressions> CompileExpressions(std::string_view option,
                                              const std::vector<std::string>& patterns);

bool AnyMatches(const RegularExpressions& expressions, std::string_view text);

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_REGULAR_EXPRESSIONS_H_
