#include "cli/launched_target.h"

#include <signal.h>

#include <optional>
#include <utility>

#include "base/shell_quote.h"
#include "launcher/agent_library.h"
#include "launcher/environment.h"
#include "launcher/recording_directory.h"

namespace lineprof {
namespace {

constexpr std::chrono::milliseconds kForwardPeriod{100};

class LaunchedTarget : public TopTarget {
 public:
  LaunchedTarget(std::string title, RecordingDirectory directory,
                 std::optional<ProgramOutput> output, ChildProcess process)
      : title_(std::move(title)),
        directory_(std::move(directory)),
        output_(std::move(output)),
        process_(std::move(process)) {}

  std::string title() const override { return title_; }
  const std::string& directory() const override { return directory_.path(); }
  std::optional<int64_t> pid() const override { return std::nullopt; }
  bool is_program() const override { return true; }
  ProgramOutput* output() override { return output_ ? &*output_ : nullptr; }

  Event Wait(int input, std::chrono::nanoseconds timeout) override {
    if (output_) output_->Trim();
    return process_.Next(input, timeout);
  }

  void End() override { process_.Terminate(); }

  ProcessEnd Finish() override {
    const ProcessEnd end = process_.Wait(std::chrono::nanoseconds(0), [this] { return Forward(); });
    Forward();
    return end;
  }

 private:
  std::chrono::nanoseconds Forward() {
    if (output_) output_->Forward();
    return kForwardPeriod;
  }

  std::string title_;
  RecordingDirectory directory_;
  std::optional<ProgramOutput> output_;
  ChildProcess process_;
};

}  // namespace

Result<std::unique_ptr<TopTarget>> LaunchTarget(const TopOptions& options, const Program& program,
                                                bool takes_terminal) {
  Result<RecordingDirectory> directory =
      RecordingDirectory::Create(RecordingParents(), kMinFreeBytes);
  if (!directory.ok()) return Error{directory.error()};
  const std::string& path = directory.value().path();
  const Result<std::string> preload = FindPreloadableAgent(path);
  if (!preload.ok()) return Error{preload.error()};
  Settings settings;
  settings.directory = path;
  settings.period_ns = options.period_ns;
  std::optional<ProgramOutput> output;
  if (takes_terminal) {
    Result<ProgramOutput> redirected = ProgramOutput::Redirect(path + "/output");
    if (!redirected.ok()) return Error{redirected.error()};
    output = std::move(redirected).value();
  }
  Result<ChildProcess> process =
      ChildProcess::Start(program, ProgramEnvironment(OwnEnvironment(), preload.value(), settings));
  if (output) output->Restore();
  if (!process.ok()) return Error{process.error()};
  signal(SIGPIPE, SIG_IGN);  // a reader of the tables that goes away is told by errno
  return std::unique_ptr<TopTarget>(
      new LaunchedTarget(ShellJoin(program.words), std::move(directory).value(), std::move(output),
                         std::move(process).value()));
}

}  // namespace lineprof
