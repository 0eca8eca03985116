// The frame layout of each version that lineprof knows: from its tables, or from the debug offsets
// that real interpreters carry. THREAD: any.
#ifndef LINEPROF_TESTS_FUZZ_LAYOUT_OF_H_
#define LINEPROF_TESTS_FUZZ_LAYOUT_OF_H_

#include "pyruntime/frame_layout.h"

namespace lineprof::fuzz {

inline constexpr int kOldestMinor = 8;
inline constexpr int kVersions = 8;

// REQUIRES: `minor` in [kOldestMinor, kOldestMinor + kVersions).
const FrameLayout& LayoutOf(int minor);

// The start of `_PyRuntime`; null for a version that has no debug offsets. Lives on.
const std::byte* RuntimeOf(int minor);

}  // namespace lineprof::fuzz

#endif  // LINEPROF_TESTS_FUZZ_LAYOUT_OF_H_
