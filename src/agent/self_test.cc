#include "agent/self_test.h"

#include <cstdio>
#include <memory>
#include <string>

#include "agent/async_safe/sampler.h"
#include "agent/python_api.h"
#include "pyruntime/line_table.h"

namespace lineprof {
namespace {

constexpr uint32_t kMaxFrames = 100;

// The line that lineprof will report for the frame; 0 if its line table cannot be read.
uint32_t LineFromTable(const WalkContext& context, const RawFrame& frame) {
  const DirectMemory memory;
  CodeIdentity identity;
  if (!ReadCodeIdentity(memory, context.layout, frame.code, &identity) ||
      identity.line_table_size > kMaxLineTableBytes) {
    return 0;
  }
  std::string bytes(identity.line_table_size, '\0');
  memory.Read(identity.line_table + FrameLayout::kBytesData, bytes.data(), bytes.size());
  const auto format = static_cast<LineTableFormat>(g_sampler.map.header().line_table_format);
  return LineTable(format, bytes, identity.first_line).LineOf(frame.instruction);
}

// The frame object's attribute as an address (of the object) or, with `number`, as an int; -1 for
// None.
long Attribute(void* frame, const char* name, bool number) {
  void* object = PyObject_GetAttrString(frame, name);
  if (object == nullptr) {
    PyErr_Clear();
    return -1;
  }
  const bool none = object == static_cast<void*>(_Py_NoneStruct);
  const long result = none ? -1 : number ? PyLong_AsLong(object) : reinterpret_cast<long>(object);
  Py_DecRef(object);
  return result;
}

}  // namespace

bool SelfTestPasses(const WalkContext& context, char* reason, size_t reason_size) {
  void* frame = PyEval_GetFrame();
  if (frame == nullptr) return true;
  const auto frames = std::make_unique<FrameBuffer>();
  const DirectMemory memory;
  const FrameWalker<DirectMemory> walker(memory, context.layout, context.code_type);
  const auto thread = reinterpret_cast<uint64_t>(PyGILState_GetThisThreadState());
  if (walker.Walk(thread, frames.get()) != WalkResult::kFrames) {
    std::snprintf(reason, reason_size, "its frames cannot be read");
    return false;
  }
  Py_IncRef(frame);
  bool agrees = true;
  for (uint32_t i = 0; agrees && i < frames->depth && i < kMaxFrames; ++i) {
    if (frame == static_cast<void*>(_Py_NoneStruct)) {
      std::snprintf(reason, reason_size, "the walk finds more frames than the interpreter has");
      agrees = false;
      break;
    }
    const RawFrame& raw = frames->inner[i];
    const long line = Attribute(frame, "f_lineno", true);
    const uint32_t walked_line = LineFromTable(context, raw);
    if (Attribute(frame, "f_code", false) != static_cast<long>(raw.code)) {
      std::snprintf(reason, reason_size, "frame %u is of another function than the walk finds", i);
      agrees = false;
    } else if (line > 0 && static_cast<uint32_t>(line) != walked_line) {
      std::snprintf(reason, reason_size, "frame %u is on line %ld, the walk finds line %u", i, line,
                    walked_line);
      agrees = false;
    }
    void* back = PyObject_GetAttrString(frame, "f_back");
    Py_DecRef(frame);
    frame = back;
    if (frame == nullptr) break;
  }
  if (frame != nullptr) Py_DecRef(frame);
  PyErr_Clear();
  return agrees;
}

}  // namespace lineprof
