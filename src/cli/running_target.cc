#include "cli/running_target.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "attach/family.h"
#include "base/file.h"
#include "base/process_files.h"
#include "base/shell_quote.h"
#include "launcher/recording_directory.h"
#include "launcher/running_run.h"
#include "launcher/signal_wait.h"
#include "recording/reader.h"

namespace lineprof {
namespace {

constexpr std::chrono::nanoseconds kUpkeep = std::chrono::milliseconds(100);

// Whether a recording of the process is in `directory`.
bool IsRecorded(const std::string& directory, pid_t pid) {
  const Result<std::vector<std::string>> paths = ListRecordings(directory);
  if (!paths.ok()) return false;
  const std::string begin = fmt::format("{}/{}-", directory, pid);
  return std::any_of(paths.value().begin(), paths.value().end(),
                     [&](const std::string& path) { return path.starts_with(begin); });
}

// The directory that the process's own agent takes samples into; nothing if there is none.
std::optional<std::string> FindAgentsDirectory(pid_t pid) {
  const Result<std::optional<Settings>> settings = SettingsOf(pid);
  if (!settings.ok() || !settings.value() || settings.value()->trace) return std::nullopt;
  const std::string& directory = settings.value()->directory;
  return IsRecorded(directory, pid) ? std::optional(directory) : std::nullopt;
}

// Blocks the signals that end the view, also in the threads that are started later, until the end.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, &original_mask_);
  }
  ~StopSignals() { pthread_sigmask(SIG_SETMASK, &original_mask_, nullptr); }
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  const sigset_t& set() const { return set_; }

 private:
  sigset_t set_;
  sigset_t original_mask_;
};

class RunningTarget : public TopTarget {
 public:
  RunningTarget(pid_t pid, UniqueFd process, bool with_children)
      : pid_(pid),
        title_(fmt::format("{} {}", pid, ShellJoin(ReadCommandLine(pid)))),
        process_(std::move(process)),
        with_children_(with_children) {}

  // Finds or begins the recording. Fails with one line.
  Result<void> Open(uint64_t period_ns);

  std::string title() const override { return title_; }
  const std::string& directory() const override { return directory_; }
  std::optional<int64_t> pid() const override {
    return with_children_ ? std::nullopt : std::optional<int64_t>(pid_);
  }
  bool is_program() const override { return false; }
  ProgramOutput* output() override { return nullptr; }
  Event Wait(int input, std::chrono::nanoseconds timeout) override;
  void End() override {}
  ProcessEnd Finish() override;

 private:
  const StopSignals signals_;  // first: blocked in the family's threads too
  pid_t pid_;
  std::string title_;
  UniqueFd process_;  // a pidfd: can be read when the process has ended
  bool with_children_;
  std::string directory_;
  std::optional<RecordingDirectory> own_directory_;
  std::unique_ptr<AttachedFamily> family_;  // null if the process records itself
  int signal_ = 0;                          // that ended the view
};

Result<void> RunningTarget::Open(uint64_t period_ns) {
  signal(SIGPIPE, SIG_IGN);  // a reader of the tables that goes away is told by errno
  const std::optional<std::string> agents = FindAgentsDirectory(pid_);
  if (agents) {
    directory_ = *agents;
    return {};
  }
  Result<RecordingDirectory> directory =
      RecordingDirectory::Create(RecordingParents(), kMinFreeBytes);
  if (!directory.ok()) return Error{directory.error()};
  own_directory_.emplace(std::move(directory).value());
  directory_ = own_directory_->path();
  SamplingOptions sampling;
  sampling.period_ns = period_ns;
  Result<std::unique_ptr<AttachedFamily>> family =
      AttachedFamily::Start({pid_}, with_children_, directory_, sampling);
  if (!family.ok()) return Error{family.error()};
  family_ = std::move(family).value();
  return {};
}

TopTarget::Event RunningTarget::Wait(int input, std::chrono::nanoseconds timeout) {
  // Descendants are looked for meanwhile.
  const bool has_upkeep = family_ != nullptr && with_children_;
  if (has_upkeep) {
    family_->Update();
    timeout = std::min(timeout, kUpkeep);
  }
  const SignalOrInput found =
      WaitForSignalOrInput(signals_.set(), {process_.get(), input}, timeout);
  if (found.signal != 0) {
    signal_ = found.signal;
    return Event::kSignal;
  }
  if (found.input < 0) return Event::kTimeout;
  return found.input == process_.get() ? Event::kEnded : Event::kInput;
}

// By the signal that ended the view, if one did; else well.
ProcessEnd RunningTarget::Finish() {
  if (family_ != nullptr) family_->Stop();
  return {signal_ != 0, signal_};
}

}  // namespace

Result<std::unique_ptr<TopTarget>> FindRunningTarget(const TopOptions& options) {
  const pid_t pid = *options.pid;
  UniqueFd process(static_cast<int>(syscall(SYS_pidfd_open, pid, 0)));
  if (!process.ok()) return Error{fmt::format("process {}: {}", pid, ErrnoText(errno))};
  auto target = std::make_unique<RunningTarget>(pid, std::move(process), options.with_children);
  const Result<void> opened = target->Open(options.period_ns);
  if (!opened.ok()) return Error{opened.error()};
  return std::unique_ptr<TopTarget>(std::move(target));
}

}  // namespace lineprof
