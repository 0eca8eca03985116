#include "agent/python_hooks.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "agent/async_safe/sampler.h"
#include "agent/python_api.h"
#include "agent/self_test.h"
#include "pyruntime/library_directories.h"
#include "recording/recording_file.h"

namespace lineprof {
namespace {

ForkCallbacks g_fork;
void (*g_self_test_failed)(const char*) = nullptr;
bool g_fork_hooks_installed = false;

// PyMethodDef, and METH_NOARGS (Include/methodobject.h); part of the stable ABI.
struct MethodDefinition {
  const char* name;
  void* (*function)(void* self, void* unused);
  int flags;
  const char* doc;
};
constexpr int kNoArguments = 4;

void* None() {
  Py_IncRef(_Py_NoneStruct);
  return _Py_NoneStruct;
}
void* BeforeFork(void*, void*) {
  g_fork.before();
  return None();
}
void* AfterForkInParent(void*, void*) {
  g_fork.in_parent();
  return None();
}
void* AfterForkInChild(void*, void*) {
  g_fork.in_child();
  return None();
}

MethodDefinition g_before = {"before_fork", BeforeFork, kNoArguments, nullptr};
MethodDefinition g_in_parent = {"after_fork", AfterForkInParent, kNoArguments, nullptr};
MethodDefinition g_in_child = {"after_fork", AfterForkInChild, kNoArguments, nullptr};

bool SetFunction(void* dict, const char* key, MethodDefinition* definition) {
  void* function = PyCFunction_NewEx(definition, nullptr, nullptr);
  if (function == nullptr) return false;
  const bool set = PyDict_SetItemString(dict, key, function) == 0;
  Py_DecRef(function);
  return set;
}

// posix.register_at_fork(before=, after_in_parent=, after_in_child=).
bool InstallForkHooks() {
  void* posix = PyImport_ImportModule("posix");
  if (posix == nullptr) return false;
  void* function = PyObject_GetAttrString(posix, "register_at_fork");
  void* arguments = PyTuple_New(0);
  void* keywords = PyDict_New();
  void* result = nullptr;
  if (function != nullptr && arguments != nullptr && keywords != nullptr &&
      SetFunction(keywords, "before", &g_before) &&
      SetFunction(keywords, "after_in_parent", &g_in_parent) &&
      SetFunction(keywords, "after_in_child", &g_in_child)) {
    result = PyObject_Call(function, arguments, keywords);
  }
  for (void* object : {posix, function, arguments, keywords, result}) {
    if (object != nullptr) Py_DecRef(object);
  }
  return result != nullptr;
}

std::string SystemText(const char* name) {
  void* object = PySys_GetObject(name);
  ptrdiff_t size = 0;
  const char* text = object == nullptr ? nullptr : PyUnicode_AsUTF8AndSize(object, &size);
  if (text == nullptr) {
    PyErr_Clear();
    return {};
  }
  return {text, static_cast<size_t>(size)};
}

std::string OwnLibraryDirectories() {
  const char* home = std::getenv("HOME");
  return LibraryDirectories(
      {SystemText("prefix"), SystemText("base_prefix"), SystemText("exec_prefix"),
       SystemText("executable"), home != nullptr ? home : ""},
      g_sampler.map.header().python_hex_version);
}

// With the JIT of 3.13 and newer, frames do not always know their instruction (cpython pull
// 118088).
int NoteJit(void*) {
  void *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  void* jit = PySys_GetObject("_jit");  // from 3.14 on
  void* function = jit == nullptr ? nullptr : PyObject_GetAttrString(jit, "is_enabled");
  void* arguments = PyTuple_New(0);
  void* enabled = function == nullptr ? nullptr : PyObject_Call(function, arguments, nullptr);
  if (enabled != nullptr && PyObject_IsTrue(enabled) == 1) {
    AddNote(g_sampler.map, "this Python's JIT is on: lines of hot loops are approximate");
  }
  for (void* object : {function, arguments, enabled}) {
    if (object != nullptr) Py_DecRef(object);
  }
  PyErr_Clear();
  PyErr_Restore(type, value, traceback);
  return 0;
}

// The pending call.
int RunHooks(void*) {
  void *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  char reason[256];
  if (!SelfTestPasses(g_sampler.context, reason, sizeof(reason))) {
    g_self_test_failed(reason);
  } else {
    g_sampler.map.header().libraries = AddText(g_sampler.map, OwnLibraryDirectories());
    g_fork_hooks_installed = InstallForkHooks();
  }
  PyErr_Clear();
  PyErr_Restore(type, value, traceback);
  return 0;
}

}  // namespace

bool RequestHooks(const ForkCallbacks& fork, void (*self_test_failed)(const char* reason)) {
  g_fork = fork;
  g_self_test_failed = self_test_failed;
  if (Py_AddPendingCall == nullptr) return true;
  return Py_IsInitialized() != 0 && Py_AddPendingCall(RunHooks, nullptr) == 0;
}

void RequestJitNote() {
  // Older ones have no JIT to ask for; and 3.8, when it is ending, answers a pending call by
  // running Python code in the thread that asks.
  constexpr uint32_t kFirstWithJit = 14;
  const uint32_t minor = g_sampler.map.header().python_hex_version >> 8 & 255;
  if (minor >= kFirstWithJit && Py_AddPendingCall != nullptr) Py_AddPendingCall(NoteJit, nullptr);
}

void RunHooksNow(const ForkCallbacks& fork, void (*self_test_failed)(const char* reason)) {
  g_fork = fork;
  g_self_test_failed = self_test_failed;
  RunHooks(nullptr);
}

bool ForkHooksInstalled() { return g_fork_hooks_installed; }

}  // namespace lineprof
