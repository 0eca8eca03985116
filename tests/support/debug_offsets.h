// The `_Py_DebugOffsets` that real interpreters carry at the start of `_PyRuntime`, made by hand:
// of 3.13.0, 3.14.8 and 3.15.0.
//
// Only the words that layouts of frames and of objects are made of. Passive data. THREAD: any.
#ifndef LINEPROF_TESTS_SUPPORT_DEBUG_OFFSETS_H_
#define LINEPROF_TESTS_SUPPORT_DEBUG_OFFSETS_H_

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <vector>

namespace lineprof::test {

struct DebugOffsetsWord {
  const char* name;
  size_t position;
  uint64_t value;
};

struct DebugOffsetsVersion {
  int minor;
  std::vector<DebugOffsetsWord> words;  // without the head; all that LayoutFromDebugOffsets reads
  size_t end;                           // of the last of them
  std::vector<DebugOffsetsWord> object_words;  // that FindObjectLayout reads beside those
};

// For GoogleTest's messages.
void PrintTo(const DebugOffsetsVersion& version, std::ostream* out);

// In the order of their versions.
const std::vector<DebugOffsetsVersion>& DebugOffsetsVersions();

using RuntimeImage = std::vector<std::byte>;

// Writes the word at `position`. REQUIRES: it lies in the image.
void PutWord(RuntimeImage* image, size_t position, uint64_t value);

// The start of _PyRuntime as `version` has it; what is not read is 0xee.
RuntimeImage MakeRuntimeImage(const DebugOffsetsVersion& version);

}  // namespace lineprof::test

#endif  // LINEPROF_TESTS_SUPPORT_DEBUG_OFFSETS_H_
