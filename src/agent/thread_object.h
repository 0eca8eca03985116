// The threading.Thread object of the calling thread: what its name is read from.
//
// Where it is: CPython starts a thread by pthread_create, whose argument leads to the function that
// the thread is to run, for threading.Thread a method bound to the Thread
// (`PyThread_start_new_thread` in Python/thread_pthread.h wraps {function, argument}; the argument
// is `struct bootstate` of Modules/_threadmodule.c, the same two first fields in 3.8 to 3.15). The
// interpreter holds that method for as long as the thread runs Python code. THREAD: its own.
#ifndef LINEPROF_AGENT_THREAD_OBJECT_H_
#define LINEPROF_AGENT_THREAD_OBJECT_H_

#include <cstdint>

namespace lineprof {

// Address; 0 in threads that Python code did not start so, and in the main thread. A forked child
// has its forking thread's.
inline constinit thread_local uint64_t t_thread_object = 0;

}  // namespace lineprof

#endif  // LINEPROF_AGENT_THREAD_OBJECT_H_
