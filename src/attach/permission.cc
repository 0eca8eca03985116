#include "attach/permission.h"

#include <fmt/format.h>
#include <linux/capability.h>
#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>

#include "base/file.h"
#include "base/process_files.h"

namespace lineprof {
namespace {

std::string UserName(uid_t user) {
  const passwd* entry = getpwuid(user);
  return entry != nullptr ? entry->pw_name : std::to_string(user);
}

// `CapEff` of a process's status: a number in base 16.
bool HasPtraceCapability(const std::string& status) {
  constexpr std::string_view kName = "\nCapEff:\t";
  const size_t at = status.find(kName);
  if (at == std::string::npos) return false;
  const char* begin = status.data() + at + kName.size();
  uint64_t capabilities = 0;
  std::from_chars(begin, status.data() + status.size(), capabilities, 16);
  return (capabilities >> CAP_SYS_PTRACE & 1) != 0;
}

}  // namespace

std::string ExplainRefusal(const AccessFacts& facts) {
  const std::string sudo = fmt::format("run: sudo lineprof attach {}", facts.pid);
  const std::string start = fmt::format("process {}: may not be read: ", facts.pid);
  if (facts.yama_scope >= 3) {
    return start +
           "kernel.yama.ptrace_scope is 3, which forbids it to all until the next boot; start the "
           "program with lineprof instead";
  }
  if (facts.has_capability) {
    return start +
           "lineprof has CAP_SYS_PTRACE, so a container's seccomp filter or another user namespace "
           "forbids it; run lineprof on the host, or start the container with --cap-add=SYS_PTRACE";
  }
  if (facts.own_user == 0) {
    return start +
           "root has no CAP_SYS_PTRACE in this container; start it with --cap-add=SYS_PTRACE";
  }
  if (facts.own_user != facts.target_user) {
    return start + fmt::format("it is of user {}, and that takes CAP_SYS_PTRACE; {}",
                               UserName(facts.target_user), sudo);
  }
  if (facts.yama_scope == 2) {
    return start + "kernel.yama.ptrace_scope is 2, and that takes CAP_SYS_PTRACE; " + sudo;
  }
  if (facts.yama_scope == 1) {
    return start + fmt::format(
                       "kernel.yama.ptrace_scope is 1, which allows it to ancestors only; {} (or, "
                       "for all: sudo sysctl kernel.yama.ptrace_scope=0)",
                       sudo);
  }
  return start + "it has privileges or another user namespace that lineprof has not; " + sudo;
}

AccessFacts ReadAccessFacts(pid_t pid) {
  AccessFacts facts;
  facts.pid = pid;
  facts.own_user = geteuid();
  const auto users = StatusNumbers(ReadProcText(pid, "status"), "Uid");
  if (!users.empty()) facts.target_user = static_cast<uid_t>(users[0]);
  facts.has_capability = HasPtraceCapability(ReadProcText(getpid(), "status"));
  const Result<std::string> scope = ReadFile("/proc/sys/kernel/yama/ptrace_scope", 16);
  if (scope.ok()) facts.yama_scope = std::atoi(scope.value().c_str());
  return facts;
}

}  // namespace lineprof
