/* The floor under any line tracer: the events that lineprof's deterministic mode asks for, and callbacks
 * that do nothing.
 *
 * Preloaded like the agent (LD_PRELOAD), with LINEPROF_FLOOR set. Begins where the program does. Main thread
 * only on 3.8 to 3.11, which is enough for single-threaded programs.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define WEAK __attribute__((weak))
WEAK const char* Py_GetVersion(void);
WEAK int PySys_AddAuditHook(int (*hook)(const char*, void*, void*), void* data);
WEAK void PyEval_SetTrace(int (*function)(void*, void*, int, void*), void* object);
WEAK void* PySys_GetObject(const char* name);
WEAK void* PyObject_GetAttrString(void* object, const char* name);
WEAK void* PyObject_CallMethod(void* object, const char* name, const char* format, ...);
WEAK void* PyCFunction_NewEx(void* definition, void* self, void* module);
WEAK long PyLong_AsLong(void* number);
WEAK extern char _Py_NoneStruct[];

enum { kTool = 4, kFastCall = 0x80 };

static int EmptyTrace(void* object, void* frame, int what, void* argument) {
  (void)object, (void)frame, (void)what, (void)argument;
  return 0;
}

static void* EmptyCallback(void* self, void* const* arguments, ptrdiff_t count) {
  (void)self, (void)arguments, (void)count;
  return _Py_NoneStruct;
}

static struct {
  const char* name;
  void* (*function)(void*, void* const*, ptrdiff_t);
  int flags;
  const char* doc;
} g_definition = {"empty", EmptyCallback, kFastCall, NULL};

static void StartMonitoring(void) {
  static const char* const kEvents[] = {"LINE",      "PY_START", "PY_RESUME", "PY_THROW",
                                        "PY_RETURN", "PY_YIELD", "PY_UNWIND"};
  void* monitoring = PySys_GetObject("monitoring");
  void* names = PyObject_GetAttrString(monitoring, "events");
  void* callback = PyCFunction_NewEx(&g_definition, NULL, NULL);
  long events = 0;
  PyObject_CallMethod(monitoring, "use_tool_id", "is", kTool, "empty");
  for (size_t i = 0; i < sizeof(kEvents) / sizeof(kEvents[0]); ++i) {
    const long event = PyLong_AsLong(PyObject_GetAttrString(names, kEvents[i]));
    PyObject_CallMethod(monitoring, "register_callback", "ilO", kTool, event, callback);
    events |= event;
  }
  PyObject_CallMethod(monitoring, "set_events", "il", kTool, events);
}

static int OnAudit(const char* event, void* arguments, void* data) {
  static int begun = 0;
  (void)arguments, (void)data;
  if (begun || strncmp(event, "cpython.run_", 12) != 0) return 0;
  begun = 1;
  if (atoi(Py_GetVersion() + 2) >= 12) {
    StartMonitoring();
  } else {
    PyEval_SetTrace(EmptyTrace, NULL);
  }
  return 0;
}

__attribute__((constructor)) static void Start(void) {
  if (getenv("LINEPROF_FLOOR") != NULL && PySys_AddAuditHook != NULL) {
    PySys_AddAuditHook(OnAudit, NULL);
  }
}
