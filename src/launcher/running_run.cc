#include "launcher/running_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "base/file.h"
#include "launcher/child_process.h"

namespace lineprof {
namespace {

constexpr size_t kMaxEnvironmentBytes = size_t{16} << 20;

// The variable's value among NUL-terminated entries.
std::optional<std::string_view> FindVariable(std::string_view entries, std::string_view name) {
  while (!entries.empty()) {
    const std::string_view entry = entries.substr(0, entries.find('\0'));
    if (entry.starts_with(name) && entry.substr(name.size(), 1) == "=") {
      return entry.substr(name.size() + 1);
    }
    entries.remove_prefix(std::min(entry.size() + 1, entries.size()));
  }
  return std::nullopt;
}

// Of the process that is lineprof itself: the program's.
std::optional<std::string> DirectoryOfChild(int64_t pid) {
  const Result<std::string> children =
      ReadFile(fmt::format("/proc/{0}/task/{0}/children", pid), kMaxEnvironmentBytes);
  if (!children.ok()) return std::nullopt;
  std::istringstream pids(children.value());
  for (int64_t child = 0; pids >> child;) {
    const Result<std::optional<Settings>> settings = SettingsOf(child);
    if (settings.ok() && settings.value()) return settings.value()->directory;
  }
  return std::nullopt;
}

}  // namespace

Result<std::optional<Settings>> SettingsOf(int64_t pid) {
  const Result<std::string> environment =
      ReadFile(fmt::format("/proc/{}/environ", pid), kMaxEnvironmentBytes);
  if (!environment.ok()) return Error{environment.error()};
  const auto text = FindVariable(environment.value(), kSettingsVariable);
  if (!text) return std::optional<Settings>();
  Result<Settings> settings = DecodeSettings(*text);
  if (!settings.ok()) return Error{settings.error()};
  return std::optional(std::move(settings).value());
}

Result<std::string> FindRecordingDirectory(int64_t pid) {
  if (pid <= 0 || !IsRunning(static_cast<pid_t>(pid))) {
    return Error{fmt::format("there is no process {}", pid)};
  }
  const Result<std::optional<Settings>> own = SettingsOf(pid);
  if (!own.ok()) return Error{fmt::format("process {}: {}", pid, own.error())};
  const std::optional<std::string> directory =
      own.value() ? std::optional(own.value()->directory) : DirectoryOfChild(pid);
  if (!directory) return Error{fmt::format("process {} does not run under lineprof", pid)};
  std::error_code error;
  if (std::filesystem::is_directory(*directory, error)) return *directory;
  return Error{fmt::format("process {}: the lineprof that started it has ended", pid)};
}

}  // namespace lineprof
