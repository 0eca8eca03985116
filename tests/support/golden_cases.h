// The profiles that every report format is shown: one folder of tests/golden each, with the sources
// they cite and, as expected.<format>, what the formats make of them. THREAD: one at a time.
#ifndef LINEPROF_TESTS_SUPPORT_GOLDEN_CASES_H_
#define LINEPROF_TESTS_SUPPORT_GOLDEN_CASES_H_

#include <span>
#include <string_view>

#include "lineprof/profile.h"

namespace lineprof::test {

struct GoldenCase {
  std::string_view name;  // of the folder
  Profile (*build)();
};

std::span<const GoldenCase> GoldenCases();

}  // namespace lineprof::test

#endif  // LINEPROF_TESTS_SUPPORT_GOLDEN_CASES_H_
