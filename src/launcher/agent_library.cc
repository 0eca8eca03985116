#include "launcher/agent_library.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/file.h"

namespace lineprof {
namespace {

constexpr char kAgentFromProgram[] = "lib/lineprof/liblineprof_agent.so";
constexpr char kLinkName[] = "/liblineprof_agent.so";

}  // namespace

Result<std::string> FindAgent() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return Error{"cannot read /proc/self/exe: " + error.message()};
  const std::string agent = program.parent_path().parent_path() / kAgentFromProgram;
  if (access(agent.c_str(), R_OK) != 0) {
    return Error{"cannot open the agent " + agent + ": " + ErrnoText(errno)};
  }
  return agent;
}

bool CanBePreloaded(const std::string& path) {
  return path.find_first_of(" \t\n\v\f\r:$") == std::string::npos;
}

Result<std::string> PreloadablePath(const std::string& agent, const std::string& directory) {
  if (CanBePreloaded(agent)) return agent;
  const std::string link = directory + kLinkName;
  if (!CanBePreloaded(link)) {
    return Error{"the agent cannot be preloaded: neither " + agent + " nor " + directory +
                 " is free of blanks, ':' and '$'; set TMPDIR to a directory that is"};
  }
  if (symlink(agent.c_str(), link.c_str()) != 0) {
    return Error{"cannot make the link " + link + ": " + ErrnoText(errno)};
  }
  return link;
}

Result<std::string> FindPreloadableAgent(const std::string& directory) {
  const Result<std::string> agent = FindAgent();
  return agent.ok() ? PreloadablePath(agent.value(), directory) : Error{agent.error()};
}

}  // namespace lineprof
