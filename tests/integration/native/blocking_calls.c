// Blocking calls that give EINTR when a signal comes, whatever SA_RESTART says (signal(7)). Each
// blocks once for `milliseconds` without anything to wake it: 0 if it returned in time and as it
// must, else the errno that it gave, or -1 if it returned early.
#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

static long long Now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

// `result`: what the call gave, 0 being right.
static int Judge(int result, long long began, int milliseconds) {
  if (result != 0) return errno == 0 ? -2 : errno;
  // epoll_wait and poll count in timer slack and whole milliseconds.
  return Now() - began < (milliseconds - 1) * 1000000LL ? -1 : 0;
}

int c_poll(int milliseconds) {
  const long long began = Now();
  errno = 0;
  return Judge(poll(0, 0, milliseconds), began, milliseconds);
}

int c_select(int milliseconds) {
  struct timeval time = {milliseconds / 1000, milliseconds % 1000 * 1000};
  const long long began = Now();
  errno = 0;
  return Judge(select(0, 0, 0, 0, &time), began, milliseconds);
}

int c_nanosleep(int milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  const long long began = Now();
  errno = 0;
  return Judge(nanosleep(&time, 0), began, milliseconds);
}

int c_usleep(int milliseconds) {
  const long long began = Now();
  errno = 0;
  return Judge(usleep(milliseconds * 1000), began, milliseconds);
}

int c_epoll_wait(int milliseconds) {
  struct epoll_event event;
  const int fd = epoll_create1(EPOLL_CLOEXEC);
  const long long began = Now();
  errno = 0;
  const int result = Judge(epoll_wait(fd, &event, 1, milliseconds), began, milliseconds);
  close(fd);
  return result;
}
