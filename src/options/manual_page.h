// lineprof(1), in man(7)'s macros, made from the table of options.
//
// Printed by `lineprof --print-man` when lineprof is built. THREAD: any.
#ifndef LINEPROF_OPTIONS_MANUAL_PAGE_H_
#define LINEPROF_OPTIONS_MANUAL_PAGE_H_

#include <string>

namespace lineprof {

std::string ManualPage();

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_MANUAL_PAGE_H_
