#include "cli/top_command.h"

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <set>
#include <string>
#include <utility>

#include "base/file.h"
#include "cli/launched_target.h"
#include "cli/running_target.h"
#include "cli/top_view.h"
#include "output/message.h"
#include "output/run_reports.h"

namespace lineprof {
namespace {

constexpr size_t kFinalRows = 10;

// Where keys come from, if the view is to be on a screen.
class Keyboard {
 public:
  // None if standard output is no terminal, nothing gives keys, or the terminal is not known, which
  // is told.
  static Keyboard Find() {
    Keyboard keyboard;
    if (isatty(STDOUT_FILENO) == 0) return keyboard;
    const Result<void> known = Terminal::Check();
    if (!known.ok()) {
      PrintMessage(known.error() + ": tables instead of a screen");
      return keyboard;
    }
    // A copy: standard input is the program's while it starts.
    keyboard.fd_ = UniqueFd(isatty(STDIN_FILENO) != 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                                      : open("/dev/tty", O_RDONLY | O_CLOEXEC));
    return keyboard;
  }

  bool is_there() const { return fd_.ok(); }
  int fd() const { return fd_.get(); }

 private:
  UniqueFd fd_;
};

Result<std::unique_ptr<TopTarget>> OpenTarget(const TopOptions& options, bool takes_terminal) {
  if (options.pid) return FindRunningTarget(options);
  const Result<Program> program = ResolveProgram(options.program);
  if (!program.ok()) return Error{program.error()};
  if (!program.value().warning.empty()) {
    PrintMessage(program.value().warning + "; there is nothing to be seen of it");
  }
  return LaunchTarget(options, program.value(), takes_terminal);
}

void TellOfUnprofiled(const TopView& view) {
  const std::set<std::string> notes(view.notes().begin(), view.notes().end());
  for (const std::string& note : notes) PrintMessage(note);
  if (notes.empty() && !view.has_seen_python()) {
    PrintMessage("no Python that can be profiled has run");
  }
}

ProcessEnd Watch(const TopOptions& options, const Selection& selection, const Keyboard& keyboard,
                 TopTarget& target) {
  TopView view(options, selection, target);
  if (!keyboard.is_there()) {
    view.PrintTables();
    const ProcessEnd end = target.Finish();
    view.PrintTotals(options.rows);
    TellOfUnprofiled(view);
    return end;
  }
  const Result<bool> ended = view.ShowOnScreen(keyboard.fd());
  if (!ended.ok()) PrintMessage(ended.error());
  const ProcessEnd end = target.Finish();
  if (ended.ok() && ended.value()) {
    view.PrintTotals(kFinalRows);
    TellOfUnprofiled(view);
  }
  return end;
}

Result<ProcessEnd> OpenAndWatch(const TopOptions& options, const Selection& selection) {
  const Keyboard keyboard = Keyboard::Find();
  const Result<std::unique_ptr<TopTarget>> target = OpenTarget(options, keyboard.is_there());
  if (!target.ok()) return Error{target.error()};
  return Watch(options, selection, keyboard, *target.value());
}

}  // namespace

int TopCommand(const TopOptions& options) {
  const Result<Selection> selection = MakeSelection(options.selection);
  if (!selection.ok()) return Fail(kUsage, selection.error());
  const Result<ProcessEnd> end = OpenAndWatch(options, selection.value());
  return end.ok() ? EndLike(end.value()) : Fail(kUsage, end.error());
}

}  // namespace lineprof
