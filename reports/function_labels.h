// One name for each function that no other has, for formats whose readers tell functions apart by
// name alone: "module:qualified.name", with the line of the definition, then the whole file name
// where that is not enough.
//
// The module before the name also keeps readers that take <module> for a C++ template argument from
// showing nothing. THREAD: any.
#ifndef LINEPROF_REPORTS_FUNCTION_LABELS_H_
#define LINEPROF_REPORTS_FUNCTION_LABELS_H_

#include <string>
#include <vector>

#include "lineprof/profile.h"

namespace lineprof {

// By FunctionId; on one line.
std::vector<std::string> FunctionLabels(const Profile& profile);

}  // namespace lineprof

#endif  // LINEPROF_REPORTS_FUNCTION_LABELS_H_
