// Signals as a user writes them.
//
// THREAD: any.
#ifndef LINEPROF_OPTIONS_SIGNAL_NAME_H_
#define LINEPROF_OPTIONS_SIGNAL_NAME_H_

#include <string>

namespace lineprof {

// The signal of that number or name ("27", "PROF", "SIGPROF", "SIGRTMIN+3"), 0 if there is none.
int ParseSignal(const std::string& text);

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_SIGNAL_NAME_H_
