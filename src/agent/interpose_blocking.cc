// System calls that a tick must not disturb, stood in front of: the tick signal is blocked in the
// thread while they run, and comes, if one is due, right after, with the thread still on the same
// line.
//
// SA_RESTART restarts most calls, but not these (signal(7)): poll, select, epoll_wait, the sleeps,
// pause, sigwaitinfo and semop return EINTR whatever the handler's flags; connect and what has a
// socket timeout, too; and a blocking write that has begun returns short. CPython goes on by itself
// in most cases, but not where the caller sees the difference (pause, an unbuffered standard output
// on a pipe), and C libraries may not. Where the thread is not sampled each is the real function
// and nothing else.
//
// THREAD: any. GIL: not needed. errno is the real function's.
#include <dlfcn.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>

#include "agent/async_safe/sampler.h"
#include "agent/tick_timer.h"

namespace lineprof {
namespace {

// Writes shorter than a pipe's atomic unit (pipe(7)) cannot be cut short.
constexpr size_t kAtomicWrite = 4096;

// Blocks the tick signal in this thread for as long as it lives.
class WithoutTicks {
 public:
  explicit WithoutTicks(bool wanted = true) {
    if (!wanted || t_thread == nullptr) return;
    sigset_t before;
    sigemptyset(&tick_);
    sigaddset(&tick_, g_sampler.signal);
    blocked_ = pthread_sigmask(SIG_BLOCK, &tick_, &before) == 0 &&
               sigismember(&before, g_sampler.signal) == 0;
  }
  ~WithoutTicks() {
    if (!blocked_) return;
    const int saved_errno = errno;
    ThreadState* const thread = t_thread;
    if (thread != nullptr) thread->ticks_held_back = true;
    pthread_sigmask(SIG_UNBLOCK, &tick_, nullptr);
    if (thread != nullptr) thread->ticks_held_back = false;
    // The wall-clock timer went on, or was turned off, while the thread waited.
    ResumeOwnTicks(thread, g_sampler.period_ns);
    errno = saved_errno;
  }
  WithoutTicks(const WithoutTicks&) = delete;
  WithoutTicks& operator=(const WithoutTicks&) = delete;

 private:
  sigset_t tick_;
  bool blocked_ = false;
};

// The next definition of `name` after the agent's own.
template <typename Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace
}  // namespace lineprof

using lineprof::kAtomicWrite;
using lineprof::Next;
using lineprof::WithoutTicks;

#define LINEPROF_EXPORT __attribute__((visibility("default")))

// One function: its result type, name, parameters, the arguments to pass on, and when to block.
#define LINEPROF_WITHOUT_TICKS(result, name, parameters, arguments, when) \
  LINEPROF_EXPORT result name parameters {                                \
    static auto* const real = Next<result parameters>(#name);             \
    const WithoutTicks blocked(when);                                     \
    return real arguments;                                                \
  }

extern "C" {

LINEPROF_WITHOUT_TICKS(int, poll, (pollfd * fds, nfds_t count, int timeout), (fds, count, timeout),
                       timeout != 0)
LINEPROF_WITHOUT_TICKS(int, select,
                       (int count, fd_set* reads, fd_set* writes, fd_set* others, timeval* timeout),
                       (count, reads, writes, others, timeout), true)
LINEPROF_WITHOUT_TICKS(int, epoll_wait, (int fd, epoll_event* events, int count, int timeout),
                       (fd, events, count, timeout), timeout != 0)
LINEPROF_WITHOUT_TICKS(int, nanosleep, (const timespec* wanted, timespec* left), (wanted, left),
                       true)
LINEPROF_WITHOUT_TICKS(int, clock_nanosleep,
                       (clockid_t clock, int flags, const timespec* wanted, timespec* left),
                       (clock, flags, wanted, left), true)
LINEPROF_WITHOUT_TICKS(int, usleep, (useconds_t time), (time), true)
LINEPROF_WITHOUT_TICKS(unsigned, sleep, (unsigned time), (time), true)
LINEPROF_WITHOUT_TICKS(int, pause, (), (), true)
LINEPROF_WITHOUT_TICKS(int, sigwaitinfo, (const sigset_t* signals, siginfo_t* info),
                       (signals, info), true)
LINEPROF_WITHOUT_TICKS(int, sigtimedwait,
                       (const sigset_t* signals, siginfo_t* info, const timespec* timeout),
                       (signals, info, timeout), true)
LINEPROF_WITHOUT_TICKS(int, semop, (int id, sembuf* operations, size_t count),
                       (id, operations, count), true)
LINEPROF_WITHOUT_TICKS(int, connect, (int fd, const sockaddr* address, socklen_t size),
                       (fd, address, size), true)
LINEPROF_WITHOUT_TICKS(int, accept, (int fd, sockaddr* address, socklen_t* size),
                       (fd, address, size), true)
LINEPROF_WITHOUT_TICKS(int, accept4, (int fd, sockaddr* address, socklen_t* size, int flags),
                       (fd, address, size, flags), true)
LINEPROF_WITHOUT_TICKS(ssize_t, recv, (int fd, void* buffer, size_t size, int flags),
                       (fd, buffer, size, flags), true)
LINEPROF_WITHOUT_TICKS(ssize_t, recvfrom,
                       (int fd, void* buffer, size_t size, int flags, sockaddr* address,
                        socklen_t* address_size),
                       (fd, buffer, size, flags, address, address_size), true)
LINEPROF_WITHOUT_TICKS(ssize_t, recvmsg, (int fd, msghdr* message, int flags), (fd, message, flags),
                       true)
LINEPROF_WITHOUT_TICKS(ssize_t, send, (int fd, const void* buffer, size_t size, int flags),
                       (fd, buffer, size, flags), true)
LINEPROF_WITHOUT_TICKS(ssize_t, sendto,
                       (int fd, const void* buffer, size_t size, int flags, const sockaddr* address,
                        socklen_t address_size),
                       (fd, buffer, size, flags, address, address_size), true)
LINEPROF_WITHOUT_TICKS(ssize_t, sendmsg, (int fd, const msghdr* message, int flags),
                       (fd, message, flags), true)
LINEPROF_WITHOUT_TICKS(ssize_t, write, (int fd, const void* buffer, size_t size),
                       (fd, buffer, size), size > kAtomicWrite)
LINEPROF_WITHOUT_TICKS(ssize_t, writev, (int fd, const iovec* parts, int count), (fd, parts, count),
                       true)
}
