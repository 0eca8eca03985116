// lineprof's entry: parses the command line, runs the command, turns its end into an exit status.

#include <fcntl.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <variant>
#include <vector>

#include "base/file.h"
#include "cli/attach_command.h"
#include "cli/ctl_command.h"
#include "cli/diff_command.h"
#include "cli/dump_command.h"
#include "cli/info_command.h"
#include "cli/merge_command.h"
#include "cli/report_command.h"
#include "cli/run_command.h"
#include "cli/top_command.h"
#include "lineprof/version.h"
#include "options/completion.h"
#include "options/help.h"
#include "options/manual_page.h"
#include "options/options.h"
#include "output/message.h"

namespace {

// A standard descriptor that was given to us closed must not become one of our own files. What
// stands in for it fails like a closed one (EBADF) and is closed again in the program (O_CLOEXEC).
void OccupyStandardDescriptors() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    const int wrong_way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (open("/dev/null", wrong_way | O_CLOEXEC) != fd) return;
  }
}

int PrintText(const std::string& text) {
  const int error = lineprof::WriteAll(STDOUT_FILENO, text);
  if (error == 0) return 0;
  return lineprof::Fail(lineprof::kFailure,
                        "cannot write standard output: " + lineprof::ErrnoText(error));
}

int Print(const lineprof::PrintRequest& request) {
  using What = lineprof::PrintRequest::What;
  switch (request.what) {
    case What::kHelp:
      return PrintText(lineprof::HelpText(request.command));
    case What::kVersion:
      return PrintText("lineprof " LINEPROF_VERSION "\n");
    case What::kFormats:
      return PrintText(lineprof::FormatsText());
    case What::kManualPage:
      return PrintText(lineprof::ManualPage());
    case What::kCompletion:
      break;
  }
  const lineprof::Result<std::string> script = lineprof::CompletionScript(request.shell);
  return script.ok() ? PrintText(script.value()) : lineprof::Fail(lineprof::kUsage, script.error());
}

// One command of each kind.
struct Execute {
  int operator()(const lineprof::PrintRequest& request) const { return Print(request); }
  int operator()(const lineprof::RunOptions& o) const { return lineprof::RunCommand(o); }
  int operator()(const lineprof::AttachOptions& o) const { return lineprof::AttachCommand(o); }
  int operator()(const lineprof::DumpOptions& o) const { return lineprof::DumpCommand(o); }
  int operator()(const lineprof::ReportCommandOptions& o) const {
    return lineprof::ReportCommand(o);
  }
  int operator()(const lineprof::MergeOptions& o) const { return lineprof::MergeCommand(o); }
  int operator()(const lineprof::DiffOptions& o) const { return lineprof::DiffCommand(o); }
  int operator()(const lineprof::CtlOptions& o) const { return lineprof::CtlCommand(o); }
  int operator()(const lineprof::InfoOptions& o) const { return lineprof::InfoCommand(o); }
  int operator()(const lineprof::TopOptions& o) const { return lineprof::TopCommand(o); }
};

int Main(const std::vector<std::string>& arguments) {
  const lineprof::Result<lineprof::CommandLine> line = lineprof::ParseCommandLine(arguments);
  if (!line.ok()) return lineprof::Fail(lineprof::kUsage, line.error());
  return std::visit(Execute(), line.value());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    OccupyStandardDescriptors();
    return Main({argv + (argc > 0 ? 1 : 0), argv + argc});
  } catch (const std::exception& error) {
    lineprof::PrintMessage(error.what());
    return 1;
  }
}
