// The words for LossReason, as reports print them.
#ifndef LINEPROF_RECORDING_LOSS_REASON_H_
#define LINEPROF_RECORDING_LOSS_REASON_H_

#include "recording/layout.h"

namespace lineprof {

// REQUIRES: reason < kCount. Static storage. THREAD: any.
constexpr const char* LossReasonText(LossReason reason) {
  constexpr const char* kTexts[] = {"outside Python code", "frame not readable", "recording full",
                                    "throttled on deep stacks"};
  static_assert(sizeof(kTexts) / sizeof(kTexts[0]) == static_cast<size_t>(LossReason::kCount));
  return kTexts[static_cast<size_t>(reason)];
}

}  // namespace lineprof

#endif  // LINEPROF_RECORDING_LOSS_REASON_H_
