// The functions of the interpreter's stable C API that the agent calls, without Python.h and
// without linking libpython: weak symbols, null where the process has no Python (or not this
// function).
#ifndef LINEPROF_AGENT_PYTHON_API_H_
#define LINEPROF_AGENT_PYTHON_API_H_

#include <cstddef>

extern "C" {

#define LINEPROF_WEAK __attribute__((weak))

// Before Py_Initialize, THREAD: any, GIL: not needed.
LINEPROF_WEAK const char* Py_GetVersion();
LINEPROF_WEAK int Py_IsInitialized();
LINEPROF_WEAK int Py_AddPendingCall(int (*function)(void*), void* argument);

// This OS thread's PyThreadState, null if it has none. GIL: not needed.
LINEPROF_WEAK void* PyGILState_GetThisThreadState();
// The PyThreadState that holds this interpreter now: of this OS thread from 3.12 on, of the process
// before (so it is used from 3.12 on only). Public since 3.13, underscored before.
LINEPROF_WEAK void* PyThreadState_GetUnchecked();
LINEPROF_WEAK void* _PyThreadState_UncheckedGet();

// The main interpreter and its newest thread state; null before it is up. GIL: not needed (plain
// reads; what they give may go away).
LINEPROF_WEAK void* PyInterpreterState_Main();
LINEPROF_WEAK void* PyInterpreterState_ThreadHead(void* interpreter);

// GIL: held, all that follow. Objects are new references unless said otherwise.
LINEPROF_WEAK void* PyEval_GetFrame();  // borrowed
LINEPROF_WEAK void* PyImport_ImportModule(const char* name);
LINEPROF_WEAK void* PyObject_GetAttrString(void* object, const char* name);
LINEPROF_WEAK void* PyObject_Call(void* callable, void* args, void* kwargs);
LINEPROF_WEAK int PyObject_IsTrue(void* object);
LINEPROF_WEAK void* PyTuple_New(ptrdiff_t size);
LINEPROF_WEAK ptrdiff_t PyTuple_Size(void* tuple);
LINEPROF_WEAK void* PyTuple_GetItem(void* tuple, ptrdiff_t index);  // borrowed
LINEPROF_WEAK int PyTuple_SetItem(void* tuple, ptrdiff_t index, void* stolen);
LINEPROF_WEAK void* PyDict_New();
LINEPROF_WEAK int PyDict_SetItemString(void* dict, const char* key, void* value);
LINEPROF_WEAK void* PyCFunction_NewEx(void* definition, void* self, void* module);
LINEPROF_WEAK const char* PyUnicode_AsUTF8AndSize(void* text, ptrdiff_t* size);
LINEPROF_WEAK void* PyUnicode_FromString(const char* text);
LINEPROF_WEAK long PyLong_AsLong(void* number);
LINEPROF_WEAK void* PyLong_FromLong(long number);
LINEPROF_WEAK void PyErr_Clear();
LINEPROF_WEAK void PyErr_Fetch(void** type, void** value, void** traceback);
LINEPROF_WEAK void PyErr_Restore(void* type, void* value, void* traceback);
LINEPROF_WEAK void* PySys_GetObject(const char* name);  // borrowed
LINEPROF_WEAK ptrdiff_t PyList_Size(void* list);
LINEPROF_WEAK void* PyList_GetItem(void* list, ptrdiff_t index);  // borrowed
LINEPROF_WEAK void* PyEval_GetGlobals();   // borrowed, of the innermost frame; may be null
LINEPROF_WEAK void* PyEval_GetBuiltins();  // borrowed
LINEPROF_WEAK void* PyFunction_GetCode(void* function);                 // borrowed
LINEPROF_WEAK void* PyMethod_Function(void* method);                    // borrowed
LINEPROF_WEAK void* PyDict_GetItemString(void* dict, const char* key);  // borrowed
LINEPROF_WEAK void* Py_CompileString(const char* text, const char* file, int start);
LINEPROF_WEAK void* PyEval_EvalCode(void* code, void* globals, void* locals);
LINEPROF_WEAK void PyEval_SetTrace(int (*function)(void*, void*, int, void*), void* object);
LINEPROF_WEAK void Py_DecRef(void* object);
LINEPROF_WEAK void Py_IncRef(void* object);

// Frame evaluation (PEP 523), 3.9+; 3.8's default has no first parameter.
using LineprofEvaluation = void* (*)(void* thread_state, void* frame, int throwing);
LINEPROF_WEAK void* _PyEval_EvalFrameDefault(void* thread_state, void* frame, int throwing);
LINEPROF_WEAK void _PyInterpreterState_SetEvalFrameFunc(void* interpreter,
                                                        LineprofEvaluation function);

// 3.12+: told of each code object that is made (0) or freed (1). Gives an id; -1, with an exception
// set, if all eight are taken.
using LineprofCodeEvent = int (*)(int event, void* code);
LINEPROF_WEAK int PyCode_AddWatcher(LineprofCodeEvent watcher);
LINEPROF_WEAK int PyCode_Addr2Line(void* code, int instruction);

// A slot for own data in every code object, with a function that is told of its end. Renamed in
// 3.12.
using LineprofCodeFreed = void (*)(void* data);
LINEPROF_WEAK ptrdiff_t _PyEval_RequestCodeExtraIndex(LineprofCodeFreed freed);
LINEPROF_WEAK ptrdiff_t PyUnstable_Eval_RequestCodeExtraIndex(LineprofCodeFreed freed);
LINEPROF_WEAK int _PyCode_SetExtra(void* code, ptrdiff_t index, void* data);
LINEPROF_WEAK int PyUnstable_Code_SetExtra(void* code, ptrdiff_t index, void* data);

// Before or after Py_Initialize. The hook is called with the GIL held; a tuple of arguments.
LINEPROF_WEAK int PySys_AddAuditHook(int (*hook)(const char* event, void* arguments, void* data),
                                     void* data);

// Data.
LINEPROF_WEAK extern char PyCode_Type[];
LINEPROF_WEAK extern char PyFunction_Type[];
LINEPROF_WEAK extern char PyMethod_Type[];
LINEPROF_WEAK extern char PyType_Type[];
LINEPROF_WEAK extern char _PyRuntime[];
LINEPROF_WEAK extern char _Py_NoneStruct[];
}

#endif  // LINEPROF_AGENT_PYTHON_API_H_
