#include "launcher/child_process.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "base/clock.h"
#include "base/file.h"
#include "launcher/signal_wait.h"

namespace lineprof {
namespace {

// Passed on if a process sent them.
constexpr std::array kForwarded = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2};

sigset_t WatchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  for (const int signal : kForwarded) sigaddset(&set, signal);
  return set;
}

// The kernel sends the terminal's signals to the whole foreground group, so the program has them
// already. si_code of what a process sent is <= 0 (sigaction(2)).
bool IsFromProcess(const siginfo_t& info) { return info.si_code <= 0; }

timespec ToTimespec(uint64_t ns) {
  timespec time{};
  time.tv_sec = static_cast<time_t>(ns / kNsPerSecond);
  time.tv_nsec = static_cast<long>(ns % kNsPerSecond);  // NOLINT(google-runtime-int): its type
  return time;
}

std::vector<char*> Pointers(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// In the child, between fork and exec.
[[noreturn]] void Execute(const char* path, char* const* words, char* const* environment,
                          const struct sigaction& original_sigchld, const sigset_t& original_mask,
                          int error_pipe) {
  sigaction(SIGCHLD, &original_sigchld, nullptr);
  sigprocmask(SIG_SETMASK, &original_mask, nullptr);
  execve(path, words, environment);
  const int error = errno;
  // A failure to tell the parent shows there as exit status 127.
  if (write(error_pipe, &error, sizeof error) < 0) _exit(126);
  _exit(127);
}

// The errno that stopped the exec, or nothing once the exec has closed the pipe.
std::optional<int> ReadExecError(int error_pipe) {
  int error = 0;
  ssize_t got = 0;
  do {
    got = read(error_pipe, &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  if (got != sizeof error) return std::nullopt;
  return error;
}

std::optional<ProcessEnd> Reap(pid_t pid, int flags) {
  int status = 0;
  pid_t got = 0;
  do {
    got = waitpid(pid, &status, flags);
  } while (got < 0 && errno == EINTR);
  if (got == 0) return std::nullopt;
  if (got < 0) return ProcessEnd{false, 1};  // somebody else's wait took its status
  if (WIFSIGNALED(status)) return ProcessEnd{true, WTERMSIG(status)};
  return ProcessEnd{false, WEXITSTATUS(status)};
}

}  // namespace

Result<ChildProcess> ChildProcess::Start(const Program& program,
                                         const std::vector<std::string>& environment) {
  const std::vector<char*> words = Pointers(program.words);
  const std::vector<char*> variables = Pointers(environment);
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return Error{"cannot make a pipe: " + ErrnoText(errno)};
  const UniqueFd error_output(ends[0]);
  UniqueFd error_input(ends[1]);

  // Blocked before the program runs, so that nothing meant for it is lost. SIGCHLD may have been
  // given to us ignored, which would throw the exit status away.
  sigset_t original_mask;
  const sigset_t watched = WatchedSignals();
  sigprocmask(SIG_BLOCK, &watched, &original_mask);
  struct sigaction original_sigchld {};
  struct sigaction default_action {};
  default_action.sa_handler = SIG_DFL;
  sigaction(SIGCHLD, &default_action, &original_sigchld);

  const pid_t pid = fork();
  if (pid == 0) {
    Execute(program.path.c_str(), words.data(), variables.data(), original_sigchld, original_mask,
            error_input.get());
  }
  const int fork_error = errno;
  error_input.Close();
  const std::optional<int> error =
      pid < 0 ? std::optional(fork_error) : ReadExecError(error_output.get());
  if (error) {
    if (pid > 0) Reap(pid, 0);
    sigprocmask(SIG_SETMASK, &original_mask, nullptr);
    return Error{"cannot run " + program.path + ": " + ErrnoText(*error)};
  }
  return ChildProcess(pid, original_mask);
}

ChildProcess::Event ChildProcess::Next(int input, std::chrono::nanoseconds timeout) {
  if (!end_) end_ = Reap(pid_, WNOHANG);
  if (end_) return Event::kEnded;
  const SignalOrInput found = WaitForSignalOrInput(WatchedSignals(), {input}, timeout);
  if (found.signal == SIGCHLD) {
    end_ = Reap(pid_, WNOHANG);
    return end_ ? Event::kEnded : Event::kTimeout;
  }
  if (found.signal != 0) {
    if (found.from_process) kill(pid_, found.signal);
    return Event::kSignal;
  }
  return found.input >= 0 ? Event::kInput : Event::kTimeout;
}

void ChildProcess::Terminate() {
  if (!end_) kill(pid_, SIGTERM);
}

ProcessEnd ChildProcess::Wait(std::chrono::nanoseconds first,
                              const std::function<std::chrono::nanoseconds()>& tick) {
  const sigset_t watched = WatchedSignals();
  uint64_t next_tick = ClockNs(CLOCK_MONOTONIC) + static_cast<uint64_t>(first.count());
  while (!end_ && !(end_ = Reap(pid_, WNOHANG))) {
    const uint64_t now = ClockNs(CLOCK_MONOTONIC);
    if (now >= next_tick) {
      const auto delay = static_cast<uint64_t>(tick().count());
      next_tick = ClockNs(CLOCK_MONOTONIC) + delay;
      continue;
    }
    const timespec timeout = ToTimespec(next_tick - now);
    siginfo_t info{};
    const int signal = sigtimedwait(&watched, &info, &timeout);
    if (signal > 0 && signal != SIGCHLD && IsFromProcess(info)) kill(pid_, signal);
  }

  // The terminal's Ctrl-C that ended the program came here too: it is done with.
  const timespec none{};
  while (sigtimedwait(&watched, nullptr, &none) > 0) {
  }
  sigprocmask(SIG_SETMASK, &original_mask_, nullptr);
  return *end_;
}

int EndLike(const ProcessEnd& end) {
  if (!end.by_signal) return end.value;
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  sigaction(end.value, &action, nullptr);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, end.value);
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
  raise(end.value);
  return 128 + end.value;  // as a shell says it, should the signal not end us
}

}  // namespace lineprof
