// The files of reports/assets, which the build puts into the program (CMakeLists.txt): reports that
// need style or script carry them along and load nothing. THREAD: any.
#ifndef LINEPROF_REPORTS_ASSETS_H_
#define LINEPROF_REPORTS_ASSETS_H_

#include <string_view>

namespace lineprof {

extern const std::string_view kFlamegraphStyle;   // flamegraph.css
extern const std::string_view kFlamegraphScript;  // flamegraph.js

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_ASSETS_H_
