// An owned reference to a Python object, and the few calls that set-up code makes of it.
//
// Not for the hot path. GIL: held. SIGNAL-SAFE: no.
#ifndef LINEPROF_AGENT_TRACING_PYTHON_OBJECT_H_
#define LINEPROF_AGENT_TRACING_PYTHON_OBJECT_H_

#include <initializer_list>

#include "agent/python_api.h"

namespace lineprof {

class PythonObject {
 public:
  PythonObject() = default;
  // Takes the reference over; null is allowed.
  explicit PythonObject(void* owned) : object_(owned) {}
  ~PythonObject() {
    if (object_ != nullptr) Py_DecRef(object_);
  }
  PythonObject(PythonObject&& other) noexcept : object_(other.Release()) {}
  PythonObject& operator=(PythonObject&& other) noexcept {
    if (this != &other) {
      if (object_ != nullptr) Py_DecRef(object_);
      object_ = other.Release();
    }
    return *this;
  }
  PythonObject(const PythonObject&) = delete;
  PythonObject& operator=(const PythonObject&) = delete;

  void* get() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }
  void* Release() {
    void* const object = object_;
    object_ = nullptr;
    return object;
  }

  PythonObject Attribute(const char* name) const {
    return PythonObject(object_ == nullptr ? nullptr : PyObject_GetAttrString(object_, name));
  }

  // Calls it; the arguments are taken over. Null on any failure, with Python's error set.
  PythonObject Call(std::initializer_list<void*> owned_arguments) const {
    PythonObject arguments(PyTuple_New(static_cast<ptrdiff_t>(owned_arguments.size())));
    bool whole = static_cast<bool>(arguments) && object_ != nullptr;
    ptrdiff_t index = 0;
    for (void* argument : owned_arguments) {
      whole = whole && argument != nullptr;
      if (arguments) {
        PyTuple_SetItem(arguments.get(), index++, argument);
      } else if (argument != nullptr) {
        Py_DecRef(argument);
      }
    }
    if (!whole) return {};
    return PythonObject(PyObject_Call(object_, arguments.get(), nullptr));
  }

 private:
  void* object_ = nullptr;
};

// A new reference to what is borrowed; null stays null.
inline void* NewReference(void* borrowed) {
  if (borrowed != nullptr) Py_IncRef(borrowed);
  return borrowed;
}

// Whether it is a code object (no subclasses of it exist).
inline bool IsCodeObject(void* object) {
  return *reinterpret_cast<void**>(static_cast<char*>(object) + sizeof(void*)) ==
         static_cast<void*>(PyCode_Type);
}

}  // namespace lineprof

#endif  // LINEPROF_AGENT_TRACING_PYTHON_OBJECT_H_
