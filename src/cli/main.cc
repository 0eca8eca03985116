// lineprof's entry: parses the command line, runs the command, turns its end into an exit status.

#include <fcntl.h>
#include <unistd.h>

#include <exception>
#include <string>
#include <vector>

#include "base/file.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/run_command.h"
#include "lineprof/version.h"

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
  lineprof::PrintMessage("cannot write standard output: " + lineprof::ErrnoText(error));
  return 1;
}

int Main(const std::vector<std::string>& arguments) {
  const lineprof::Result<lineprof::Options> options = lineprof::ParseOptions(arguments);
  if (!options.ok()) {
    lineprof::PrintMessage(options.error());
    return 2;
  }
  using Action = lineprof::Options::Action;
  if (options.value().action == Action::kHelp) return PrintText(lineprof::HelpText());
  if (options.value().action == Action::kVersion)
    return PrintText("lineprof " LINEPROF_VERSION "\n");
  return lineprof::RunCommand(options.value());
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
