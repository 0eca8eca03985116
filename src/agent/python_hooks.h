// What the agent does inside the interpreter, once, when it is up: proves that it can read it,
// notes where its libraries are, and asks to be called around os.fork().
//
// Runs as a pending call (Py_AddPendingCall): in the main thread, between two bytecodes, GIL held.
// Leaves no name, module, frame or error behind that the program could see.
#ifndef LINEPROF_AGENT_PYTHON_HOOKS_H_
#define LINEPROF_AGENT_PYTHON_HOOKS_H_

namespace lineprof {

struct ForkCallbacks {
  void (*before)();
  void (*in_parent)();
  void (*in_child)();
};

// Asks the interpreter to run the hooks soon. False while it is not up yet or has no room; then ask
// again. `self_test_failed` is called with one line if a walk does not agree with the interpreter.
// SIGNAL-SAFE: no. THREAD: any. GIL: not needed.
bool RequestHooks(const ForkCallbacks& fork, void (*self_test_failed)(const char* reason));

// The same at once. THREAD: main. GIL: held.
void RunHooksNow(const ForkCallbacks& fork, void (*self_test_failed)(const char* reason));

// Asks the interpreter for a note in the recording if its JIT is on. It is turned on last of all,
// after the site module ran, so this is to be asked more than once. SIGNAL-SAFE: no. THREAD: any.
// GIL: not needed. REQUIRES: the interpreter is up.
void RequestJitNote();

// True once os.fork() calls the ForkCallbacks.
bool ForkHooksInstalled();

}  // namespace lineprof

#endif  // LINEPROF_AGENT_PYTHON_HOOKS_H_
