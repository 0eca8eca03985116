#include "launcher/interpreter.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <sstream>

#include "base/clock.h"
#include "base/file.h"
#include "launcher/program_search.h"

namespace lineprof {
namespace {

constexpr int kFirstMinor = 8;
constexpr int kLastMinor = 15;
constexpr uint64_t kProbeTimeoutNs = 10 * kNsPerSecond;
constexpr size_t kMaxAnswer = 4096;

// Runs on Python 2 as well, so that it is told apart from what is no Python at all. Imports nothing
// but sys: a user waits for it.
constexpr char kProbe[] =
    "import sys\n"
    "name = sys.implementation.name if hasattr(sys, 'implementation') else 'cpython'\n"
    "free = 't' in getattr(sys, 'abiflags', '')\n"
    "print('lineprof-probe %s %d %d %d' % ((name,) + tuple(sys.version_info[:2]) + (free,)))\n";

Error NoPython(const std::string& path) {
  return Error{"--python " + path + ": this is no Python interpreter"};
}

// Everything that `fd` gives until its end, the time limit or kMaxAnswer bytes.
std::string ReadAnswer(int fd) {
  std::string answer;
  const uint64_t deadline = ClockNs(CLOCK_MONOTONIC) + kProbeTimeoutNs;
  while (answer.size() < kMaxAnswer) {
    const uint64_t now = ClockNs(CLOCK_MONOTONIC);
    if (now >= deadline) break;
    pollfd ready{fd, POLLIN, 0};
    const int count = poll(&ready, 1, static_cast<int>((deadline - now) / 1'000'000) + 1);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    std::array<char, 512> buffer;
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got <= 0) break;
    answer.append(buffer.data(), static_cast<size_t>(got));
  }
  return answer;
}

// Lets `path` answer kProbe, with no input and its complaints thrown away.
Result<Interpreter> Probe(const std::string& path) {
  std::array<int, 2> ends;
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return Error{"cannot make a pipe: " + ErrnoText(errno)};
  UniqueFd output(ends[0]);
  UniqueFd input(ends[1]);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  // Neither the environment nor site can change what it answers.
  std::array<std::string, 6> words = {path, "-E", "-s", "-S", "-c", kProbe};
  const std::array<char*, 7> arguments = {words[0].data(), words[1].data(), words[2].data(),
                                          words[3].data(), words[4].data(), words[5].data(),
                                          nullptr};
  pid_t pid = -1;
  const int error = posix_spawn(&pid, path.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return Error{"--python " + path + ": " + ErrnoText(error)};

  input.Close();
  const std::string answer = ReadAnswer(output.get());
  kill(pid, SIGKILL);  // it has answered, or will not
  while (waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return ReadProbe(path, answer);
}

Result<Interpreter> FindGiven(const std::string& python) {
  const std::optional<std::string> path = FindProgram(python, SearchPath());
  if (path) return Probe(*path);
  if (python.empty() || python.find('/') == std::string::npos) {
    return Error{"--python '" + python + "': no such program on PATH"};
  }
  const bool exists = access(python.c_str(), F_OK) == 0;
  return exists ? NoPython(python) : Error{"--python " + python + ": " + ErrnoText(errno)};
}

}  // namespace

Result<Interpreter> ReadProbe(const std::string& path, std::string_view answer) {
  const size_t mark = answer.rfind("lineprof-probe ");
  if (mark == std::string_view::npos) return NoPython(path);
  std::istringstream words{std::string(answer.substr(mark))};
  std::string ignored;
  std::string implementation;
  int major = 0;
  int minor = 0;
  int free_threaded = 0;
  words >> ignored >> implementation >> major >> minor >> free_threaded;
  if (!words) return NoPython(path);

  Interpreter found{path, ""};
  if (implementation != "cpython") {
    found.warning = fmt::format("{} is {} {}.{}: only CPython can be profiled", path,
                                implementation, major, minor);
  } else if (major != 3 || minor < kFirstMinor) {
    found.warning = fmt::format("{} is Python {}.{}: only 3.{} to 3.{} can be profiled", path,
                                major, minor, kFirstMinor, kLastMinor);
  } else if (free_threaded != 0) {
    found.warning =
        fmt::format("{} is a free-threaded Python {}.{}: only builds with the GIL can be profiled",
                    path, major, minor);
  }
  return found;
}

Result<Interpreter> FindInterpreter(const std::optional<std::string>& python) {
  if (python) return FindGiven(*python);
  const char* environment = getenv("VIRTUAL_ENV");
  if (environment != nullptr && *environment != '\0') {
    for (const char* name : {"/bin/python", "/bin/python3"}) {
      std::string path = environment + std::string(name);
      if (IsExecutableFile(path)) return Interpreter{std::move(path), ""};
    }
  }
  std::optional<std::string> path = FindProgram("python3", SearchPath());
  if (!path) return Error{"no python3 on PATH; name an interpreter with --python"};
  return Interpreter{std::move(*path), ""};
}

}  // namespace lineprof
