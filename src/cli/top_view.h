// The live view of a target: on a screen until its user or the target's end ends it, or as tables
// that are printed one after the other.
//
// THREAD: main.
#ifndef LINEPROF_CLI_TOP_VIEW_H_
#define LINEPROF_CLI_TOP_VIEW_H_

#include <chrono>
#include <string>
#include <vector>

#include "attach/gil_holders.h"
#include "cli/top_target.h"
#include "options/options.h"
#include "profile/profile_builder.h"
#include "top/controls.h"
#include "top/recording_watch.h"
#include "top/screen.h"
#include "top/source_lines.h"
#include "top/terminal.h"

namespace lineprof {

class TopView {
 public:
  // The references must outlive it.
  TopView(const TopOptions& options, const Selection& selection, TopTarget& target);

  // Returns when the target has ended, the user quits, or a signal says so. The screen is gone
  // then. The user may have asked for the program's end, which the target was told. `input`: where
  // keys come from. True if the target has ended. Fails with one line if there can be no screen.
  Result<bool> ShowOnScreen(int input);

  // Prints a table each interval until the target has ended, or a signal or nobody to read the
  // tables ends it.
  void PrintTables();

  // Looks for a last time, and prints the first `rows` rows of what the whole time has cost.
  void PrintTotals(size_t rows);

  // Whether anything was recorded.
  bool has_seen_python() const { return !watch_.looks().now.processes.empty(); }
  // What the recordings' reader must know.
  const std::vector<std::string>& notes() const { return watch_.looks().now.notes; }

 private:
  using Clock = std::chrono::steady_clock;

  void Look();
  void Draw(Terminal& terminal);
  // Takes the keys that are there. False when the view is to end.
  bool TakeKeys(Terminal& terminal);
  bool Obey(Request request, Terminal& terminal);
  LiveThreads FindThreads();
  bool Print(size_t rows);
  std::vector<TableRow> Rows();
  ScreenFacts Facts() const;
  std::string SourceOf(uint32_t line) { return sources_.Of(watch_.places().lines()[line]); }

  const TopOptions& options_;
  TopTarget& target_;
  RecordingWatch watch_;
  SourceLines sources_;
  GilHolders gil_holders_;
  Controls controls_;
  Clock::time_point start_;
  Clock::time_point next_look_;
};

}  // namespace lineprof

#endif  // LINEPROF_CLI_TOP_VIEW_H_
