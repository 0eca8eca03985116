#include "launcher/child_process.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "base/clock.h"
#include "base/file.h"
#include "base/process_files.h"
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

ProcessEnd EndOf(int status) {
  if (WIFSIGNALED(status)) return ProcessEnd{true, WTERMSIG(status)};
  return ProcessEnd{false, WEXITSTATUS(status)};
}

// waitpid(2), without EINTR.
pid_t WaitFor(pid_t pid, int* status, int flags) {
  pid_t got = 0;
  do {
    got = waitpid(pid, status, flags);
  } while (got < 0 && errno == EINTR);
  return got;
}

}  // namespace

Result<ChildProcess> ChildProcess::Start(const Program& program,
                                         const std::vector<std::string>& environment,
                                         bool with_family) {
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

  if (with_family) prctl(PR_SET_CHILD_SUBREAPER, 1);
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
    int status = 0;
    if (pid > 0) WaitFor(pid, &status, 0);
    sigprocmask(SIG_SETMASK, &original_mask, nullptr);
    return Error{"cannot run " + program.path + ": " + ErrnoText(*error)};
  }
  return ChildProcess(pid, original_mask, with_family);
}

// Takes the ends of those that there are to wait for. False once there is nobody left.
bool ChildProcess::ReapEnded() {
  while (true) {
    int status = 0;
    const pid_t got = WaitFor(with_family_ ? -1 : pid_, &status, WNOHANG);
    if (got == 0) return true;
    if (got < 0) break;
    ends_[got] = EndOf(status);
    if (!with_family_) return false;
  }
  ends_.try_emplace(pid_, ProcessEnd{false, 1});  // somebody else's wait took its status
  return false;
}

ChildProcess::Event ChildProcess::Next(int input, std::chrono::nanoseconds timeout) {
  if (!ReapEnded()) return Event::kEnded;
  const SignalOrInput found = WaitForSignalOrInput(WatchedSignals(), {input}, timeout);
  if (found.signal == SIGCHLD) return ReapEnded() ? Event::kTimeout : Event::kEnded;
  if (found.signal != 0) {
    if (found.from_process) kill(pid_, found.signal);
    return Event::kSignal;
  }
  return found.input >= 0 ? Event::kInput : Event::kTimeout;
}

void ChildProcess::Terminate() {
  if (!ends_.contains(pid_)) kill(pid_, SIGTERM);
}

ProcessEnd ChildProcess::Wait(std::chrono::nanoseconds first,
                              const std::function<std::chrono::nanoseconds()>& tick,
                              const std::function<bool(int)>& keep) {
  const sigset_t watched = WatchedSignals();
  uint64_t next_tick = ClockNs(CLOCK_MONOTONIC) + static_cast<uint64_t>(first.count());
  while (ReapEnded()) {
    const uint64_t now = ClockNs(CLOCK_MONOTONIC);
    if (now >= next_tick) {
      const auto delay = static_cast<uint64_t>(tick().count());
      next_tick = ClockNs(CLOCK_MONOTONIC) + delay;
      continue;
    }
    const timespec timeout = ToTimespec(next_tick - now);
    siginfo_t info{};
    const int signal = sigtimedwait(&watched, &info, &timeout);
    if (signal <= 0 || signal == SIGCHLD || (keep && keep(signal))) continue;
    if (ends_.contains(pid_)) break;  // the user has waited long enough for the others
    if (IsFromProcess(info)) kill(pid_, signal);
  }

  // The terminal's Ctrl-C that ended the program came here too: it is done with.
  const timespec none{};
  while (sigtimedwait(&watched, nullptr, &none) > 0) {
  }
  sigprocmask(SIG_SETMASK, &original_mask_, nullptr);
  return ends_.at(pid_);
}

bool IsRunning(pid_t pid) {
  const std::optional<ProcessStat> stat = ParseStat(ReadProcText(pid, "stat"));
  return stat && stat->state != 'Z' && stat->state != 'X';
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
