// Words of a command line, taken apart by the table of options: which options are given, with which
// values, and what else there is.
//
// All of Boost.Program_options is behind this header. Knows what options look like, not what they
// mean. THREAD: any.
#ifndef LINEPROF_OPTIONS_GIVEN_OPTIONS_H_
#define LINEPROF_OPTIONS_GIVEN_OPTIONS_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lineprof/result.h"
#include "options/option_table.h"

namespace lineprof {

using Strings = std::vector<std::string>;

class GivenOptions {
 public:
  // Parses `words`, all of `command`. Fails with one line that names the option.
  static Result<GivenOptions> Parse(const Strings& words, CommandId command);

  bool Has(std::string_view option) const { return values_.find(option) != values_.end(); }
  // The value of an option that is given once. REQUIRES: Has(option).
  const std::string& Text(std::string_view option) const { return values_.find(option)->second[0]; }
  // The values of one that may be repeated, in their order; none if it is not given.
  Strings Texts(std::string_view option) const;
  // The words that are no options.
  const Strings& files() const { return files_; }

 private:
  std::map<std::string, Strings, std::less<>> values_;
  Strings files_;
};

// How many of `words`, the arguments of a command that runs a program, are lineprof's: up to
// SCRIPT, -m, -c or --. An unknown option is taken for one without a value; Parse will complain
// about it.
size_t CountOwnWords(const Strings& words, CommandId command);

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_GIVEN_OPTIONS_H_
