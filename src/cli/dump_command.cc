#include "cli/dump_command.h"

#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cmath>

#include "attach/stack_dump.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/process_files.h"
#include "base/shell_quote.h"
#include "cli/dump_text.h"
#include "output/message.h"
#include "profile/file_name.h"
#include "profile/source_cache.h"

namespace lineprof {
namespace {

std::string DirectoryOf(pid_t pid) {
  char path[PATH_MAX];
  const ssize_t length = readlink(ProcPath(pid, "cwd").c_str(), path, sizeof(path));
  return {path, length > 0 ? static_cast<size_t>(length) : 0};
}

// The source lines of a process's frames, read where that process finds its files.
class FrameSources {
 public:
  explicit FrameSources(pid_t pid)
      : root_(ProcPath(pid, "root")),
        directory_(DirectoryOf(pid)),
        sources_(ClockNs(CLOCK_REALTIME)) {}

  std::string Line(const DumpedFrame& frame) {
    const std::string path = SourcePath(frame.file, directory_);
    if (path.empty() || frame.line == 0) return "";
    const SourceText text = sources_.Take(root_ + path);
    if (frame.line > text.lines.size()) return "";
    const std::string& line = text.lines[frame.line - 1];
    const size_t begin = line.find_first_not_of(" \t\f");
    if (begin == std::string::npos) return "";
    return line.substr(begin, line.find_last_not_of(" \t\f") + 1 - begin);
  }

 private:
  std::string root_;
  std::string directory_;
  SourceCache sources_;
};

void Sleep(double seconds) {
  const auto ns = static_cast<uint64_t>(std::llround(seconds * 1e9));
  timespec left = ToTimespec(ns);
  while (nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

}  // namespace

int DumpCommand(const DumpOptions& options) {
  const Result<Target> target = FindTarget(options.pid);
  if (!target.ok()) return Fail(kUsage, target.error());
  const std::string command = ShellJoin(ReadCommandLine(options.pid));
  FrameSources sources(options.pid);
  const SourceLine line = [&sources](const DumpedFrame& frame) { return sources.Line(frame); };
  for (bool is_first = true;; is_first = false) {
    const Result<StackDump> dump = DumpStacks(target.value(), options.with_locals);
    if (!dump.ok()) return is_first ? Fail(kUsage, dump.error()) : 0;
    const std::string text = options.json ? DumpJson(dump.value(), command, line)
                                          : DumpText(dump.value(), command, line);
    const bool needs_gap = !is_first && !options.json;
    const int error = WriteAll(STDOUT_FILENO, needs_gap ? "\n" + text : text);
    if (error == EPIPE) return 0;
    if (error != 0) return Fail(kFailure, "cannot write standard output: " + ErrnoText(error));
    if (!options.watch_s) return 0;
    Sleep(*options.watch_s);
  }
}

}  // namespace lineprof
