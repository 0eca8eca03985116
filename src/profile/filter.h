// Which files are reported: --include and --exclude, RE2 searches on the shown file name.
//
// As pprofile's: a name that an exclude matches is out unless an include matches it too; with
// includes and no exclude rule of any kind, only what an include matches is in. THREAD: any.
#ifndef LINEPROF_PROFILE_FILTER_H_
#define LINEPROF_PROFILE_FILTER_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lineprof/result.h"
#include "profile/expressions.h"

namespace lineprof {

class Filter {
 public:
  // Compiles the expressions. Fails with one line that names the option, the expression and RE2's
  // reason.
  static Result<Filter> Create(const std::vector<std::string>& includes,
                               const std::vector<std::string>& excludes);

  // `excluded_already`: what another exclude rule (--exclude-syspath) says of the file, if there is
  // one; an include brings back what it takes out. With such a rule the includes no longer stand
  // alone, so they do not exclude the rest.
  bool Includes(std::string_view file_name,
                std::optional<bool> excluded_already = std::nullopt) const;

  Filter();  // includes every file
  ~Filter();
  Filter(Filter&&) noexcept;
  Filter& operator=(Filter&&) noexcept;

 private:
  Expressions includes_;
  Expressions excludes_;
};

}  // namespace lineprof

#endif  // LINEPROF_PROFILE_FILTER_H_
