// The texts of code objects, as UTF-8. Allocates. GIL: held. THREAD: any.
#ifndef LINEPROF_AGENT_TRACING_CODE_TEXT_H_
#define LINEPROF_AGENT_TRACING_CODE_TEXT_H_

#include <string>

#include "pyruntime/code_reader.h"
#include "recording/python_text.h"

namespace lineprof {

// The str object at `object`; empty if it cannot be read.
inline std::string PythonTextAt(const FrameLayout& layout, uint64_t object) {
  TextLocation location;
  if (!LocateText(DirectMemory{}, layout, object, &location)) return {};
  const auto* text = reinterpret_cast<const char*>(location.address);
  return PythonTextToUtf8({text, location.bytes}, location.width);
}

// The field of the code object that lies at `offset`, a str.
inline std::string CodeText(const FrameLayout& layout, uint64_t code, uint32_t offset) {
  uint64_t object = 0;
  return ReadValue(DirectMemory{}, code + offset, &object) ? PythonTextAt(layout, object)
                                                           : std::string();
}

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_CODE_TEXT_H_
