// The libc functions that the agent stands in front of (interpose.cc), for its own use.
#ifndef LINEPROF_AGENT_REAL_FUNCTIONS_H_
#define LINEPROF_AGENT_REAL_FUNCTIONS_H_

#include <pthread.h>
#include <signal.h>

namespace lineprof {

using PthreadCreate = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
using Sigaction = int (*)(int, const struct sigaction*, struct sigaction*);

// The next definition after the agent's own, found once. SIGNAL-SAFE: after the first call. THREAD:
// any.
PthreadCreate RealPthreadCreate();
Sigaction RealSigaction();

}  // namespace lineprof

#endif  // LINEPROF_AGENT_REAL_FUNCTIONS_H_
