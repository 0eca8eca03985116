// The name of the asyncio task whose step an event loop is running, read from memory.
//
// The idea: an event loop runs everything through Handle._run, a Python method, so it stands on the
// stack while a task runs. Its first local variable is the Handle, whose `_callback` says what is
// run: for a task one of two objects of the C module _asyncio that do nothing but hold the task,
// which knows its name. This is the same from 3.8 to 3.15, whatever the module's other data are.
// What it leaves out: tasks written in Python (asyncio.tasks._PyTask), loops that have handles of
// their own (uvloop), and the first step of an eager task, which runs in its maker's.
//
// Everything is read through Memory's Doubtful() source and checked by type, since the Handle's
// frame forgets it at its end. SIGNAL-SAFE: if Memory is. THREAD: as the walk. GIL: not needed.
//
// Layouts: FutureObj_HEAD and TaskObj, TaskStepMethWrapper and TaskWakeupMethWrapper (3.8, 3.9) of
// Modules/_asynciomodule.c; PyCFunctionObject (task_wakeup, 3.10+); __slots__ of
// asyncio.events.Handle, which a class has in alphabetical order.
#ifndef LINEPROF_PYRUNTIME_TASK_NAME_H_
#define LINEPROF_PYRUNTIME_TASK_NAME_H_

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

#include "pyruntime/code_reader.h"
#include "pyruntime/frame_layout.h"
#include "pyruntime/memory.h"
#include "pyruntime/object_layout.h"

namespace lineprof {

struct TaskLayout {
  uint32_t name = 0;  // in a TaskObj; 0: tasks are not to be told apart
  uint32_t size = 0;  // a TaskObj's (tp_basicsize)
  // Of a frame, as in ObjectLayout.
  uint32_t locals = 0;
  uint64_t local_pointer_mask = ~uint64_t{0};
  // Where names that nobody gave are numbers, to be written as Task-N (3.12+), an int's layout.
  bool has_int_tag = false;

  static constexpr uint32_t kHandleCallback = 24;
  static constexpr uint32_t kWrappedTask = 16;     // in the wrappers
  static constexpr uint32_t kFunctionMethod = 16;  // PyCFunctionObject::m_ml, which begins with
                                                   // the name
  static constexpr uint32_t kFunctionSelf = 24;
  static constexpr uint32_t kTypeSize = 32;
  static constexpr uint32_t kTypeFlags = 168;
  static constexpr uint32_t kTypeBase = 256;
  static constexpr uint64_t kIntFlag = 1 << 24;  // Py_TPFLAGS_LONG_SUBCLASS
  static constexpr uint64_t kStrFlag = 1 << 28;  // Py_TPFLAGS_UNICODE_SUBCLASS
};

// For CPython 3.`minor`; REQUIRES: 8 to 15.
TaskLayout FindTaskLayout(int minor, const ObjectLayout& objects);

// Whether a code object with these names is Handle._run's.
inline bool IsHandleRun(std::string_view filename, std::string_view name) {
  return name == "_run" && filename.ends_with("/asyncio/events.py");
}

// Code points in the interpreter's own storage; longer names are cut off.
struct TaskName {
  static constexpr uint32_t kMaxBytes = 240;
  char bytes[kMaxBytes];
  uint32_t size = 0;  // bytes
  uint8_t width = 1;  // bytes a code point: 1 (Latin-1), 2 or 4
};

template <typename Memory>
class TaskNameReader {
 public:
  TaskNameReader(const Memory& memory, const FrameLayout& frames, const TaskLayout& tasks)
      : memory_(memory.Doubtful()), frames_(frames), tasks_(tasks) {}

  // False if the frame of Handle._run at `frame` runs something else than a task.
  bool Read(uint64_t frame, TaskName* name) const {
    uint64_t handle = 0;
    if (!ReadValue(memory_, frame + tasks_.locals, &handle)) return false;
    const uint64_t callback =
        Pointer((handle & tasks_.local_pointer_mask) + TaskLayout::kHandleCallback);
    const uint64_t task = TaskOf(callback);
    return IsTask(task) && ReadName(Pointer(task + tasks_.name), name);
  }

 private:
  static constexpr int kMaxBases = 8;

  // The word at `address`; 0 if it cannot be read.
  uint64_t Pointer(uint64_t address) const {
    uint64_t value = 0;
    return IsPlausiblePointer(address) && ReadValue(memory_, address, &value) ? value : 0;
  }

  // A C string's beginning; names of static types have their module's before a dot.
  bool IsCalled(uint64_t text, std::string_view name) const {
    constexpr std::string_view kModule = "_asyncio.";
    char bytes[32] = {};
    if (text == 0 || !memory_.Read(text, bytes, sizeof(bytes) - 1)) return false;
    std::string_view found(bytes);
    if (found.starts_with(kModule)) found.remove_prefix(kModule.size());
    return found == name;
  }

  uint64_t TaskOf(uint64_t callback) const {
    const uint64_t type_name =
        Pointer(Pointer(callback + FrameLayout::kObjectType) + ObjectLayout::kTypeName);
    if (IsCalled(type_name, "TaskStepMethWrapper") ||
        IsCalled(type_name, "TaskWakeupMethWrapper")) {
      return Pointer(callback + TaskLayout::kWrappedTask);
    }
    const uint64_t method = Pointer(callback + TaskLayout::kFunctionMethod);
    if (IsCalled(type_name, "builtin_function_or_method") &&
        IsCalled(Pointer(method), "task_wakeup")) {
      return Pointer(callback + TaskLayout::kFunctionSelf);
    }
    return 0;
  }

  bool IsTask(uint64_t task) const {
    uint64_t type = Pointer(task + FrameLayout::kObjectType);
    for (int i = 0; i < kMaxBases && type != 0; ++i) {
      if (IsCalled(Pointer(type + ObjectLayout::kTypeName), "Task") &&
          Pointer(type + TaskLayout::kTypeSize) == tasks_.size) {
        return true;
      }
      type = Pointer(type + TaskLayout::kTypeBase);
    }
    return false;
  }

  bool ReadName(uint64_t object, TaskName* name) const {
    const uint64_t type = Pointer(object + FrameLayout::kObjectType);
    const uint64_t flags = Pointer(type + TaskLayout::kTypeFlags);
    if ((flags & TaskLayout::kStrFlag) != 0) return ReadText(object, name);
    return (flags & TaskLayout::kIntFlag) != 0 && tasks_.has_int_tag && ReadNumber(object, name);
  }

  bool ReadText(uint64_t object, TaskName* name) const {
    TextLocation text;
    if (!LocateText(memory_, frames_, object, &text)) return false;
    name->width = text.width;
    name->size = std::min(text.bytes, TaskName::kMaxBytes);
    return memory_.Read(text.address, name->bytes, name->size);
  }

  // Of one or two digits: there are not more tasks.
  bool ReadNumber(uint64_t object, TaskName* name) const {
    constexpr int kDigitBits = 30;
    constexpr std::string_view kPrefix = "Task-";
    const uint64_t count = Pointer(object + FrameLayout::kVarObjectSize) >> 3;
    uint32_t digits[2] = {0, 0};
    if (count > 2 || !memory_.Read(object + ObjectLayout::kIntDigits, digits, 4 * count)) {
      return false;
    }
    char* const end = std::copy(kPrefix.begin(), kPrefix.end(), name->bytes);
    const uint64_t number = uint64_t{digits[1]} << kDigitBits | digits[0];
    name->size = static_cast<uint32_t>(
        std::to_chars(end, name->bytes + TaskName::kMaxBytes, number).ptr - name->bytes);
    name->width = 1;
    return true;
  }

  const decltype(std::declval<Memory>().Doubtful()) memory_;
  const FrameLayout& frames_;
  const TaskLayout& tasks_;
};

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_TASK_NAME_H_
