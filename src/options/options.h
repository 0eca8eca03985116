// The command line: what the user asks of lineprof, and what is the program's.
//
// Checks everything that can be told from the words alone; whether files exist is for those who use
// them. A command is named by the very first word; everything else that begins otherwise runs a
// program: a script that is called `report` is run by `lineprof ./report`. THREAD: any.
#ifndef LINEPROF_OPTIONS_OPTIONS_H_
#define LINEPROF_OPTIONS_OPTIONS_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "launcher/program.h"
#include "lineprof/profile.h"
#include "lineprof/report.h"
#include "lineprof/result.h"
#include "options/option_table.h"
#include "recording/settings.h"
#include "top/table.h"

namespace lineprof {

// Which part of a recording is looked at.
struct SelectionOptions {
  std::vector<std::string> includes;
  std::vector<std::string> excludes;
  bool exclude_library = false;
  std::vector<std::string> folds;
  std::vector<std::string> roots;
};

// One -o.
struct OutputOptions {
  std::string name;  // "-" is standard output; may hold codes, see output_name.h
  // Null: not a report, but the recording is kept there.
  const ReportFormat* format = nullptr;
  bool per_process = false;  // each process has its own: to standard output one after another
};

enum class ColorMode { kAuto, kAlways, kNever };

// What reports are made, and how.
struct ReportingOptions {
  std::vector<OutputOptions> outputs;  // never empty
  SelectionOptions selection;
  ReportOptions report;  // but its color
  ColorMode color = ColorMode::kAuto;
  bool per_thread = false;  // a report for each thread, in the text format
};

// lineprof [OPTIONS] SCRIPT
struct RunOptions {
  ProgramRequest program;
  Mode mode = Mode::kStatistical;
  uint64_t period_ns = 0;  // kStatistical
  Clock clock = Clock::kWall;
  bool main_thread_only = false;
  Settings::Timer timer = Settings::Timer::kAuto;
  int signal = 0;                       // 0: the agent's default
  uint64_t timeline_limit = 0;          // samples; 0: no timeline
  uint64_t delay_ns = 0;                // not profiled so long
  std::optional<uint64_t> duration_ns;  // then profiled so long; to the end without
  int toggle_signal = 0;                // turns profiling off and on; 0: none does
  bool wait_children = false;           // for all descendants, too
  std::vector<std::string> only;        // functions to trace, kDeterministic
  bool decorated = false;               // only those decorated with @profile, kDeterministic
  bool by_task = false;                 // stacks begin with the asyncio task that runs
  ReportingOptions reporting;
  bool verbose = false;
  bool quiet = false;
};

// lineprof attach, lineprof -p
struct AttachOptions {
  std::vector<pid_t> pids;  // never empty
  uint64_t period_ns = 0;
  Clock clock = Clock::kWall;
  bool main_thread_only = false;
  std::optional<double> duration_s;  // until then; else until a signal or the processes' end
  bool with_children = false;
  ReportingOptions reporting;
  bool verbose = false;
  bool quiet = false;
};

// lineprof dump
struct DumpOptions {
  pid_t pid = 0;
  bool with_locals = false;
  bool json = false;
  std::optional<double> watch_s;  // again after so long, until the process ends
};

// lineprof report
struct ReportCommandOptions {
  std::string file;
  std::optional<Clock> clock;  // default: as recorded
  ReportingOptions reporting;
};

// lineprof merge
struct MergeOptions {
  std::vector<std::string> files;
  std::string output;
};

// lineprof diff
struct DiffOptions {
  std::string before;
  std::string after;
  Clock clock = Clock::kCpu;
  SelectionOptions selection;
  std::string output = "-";
  bool json = false;
  bool list_all = false;
  std::optional<double> fail_above_percent;
};

// lineprof ctl
struct CtlOptions {
  enum class Action { kStart, kStop, kSnapshot };
  int64_t pid = 0;
  Action action = Action::kStart;
  ReportingOptions reporting;  // kSnapshot
};

// lineprof info
struct InfoOptions {
  std::string file;
};

// lineprof top
struct TopOptions {
  std::optional<pid_t> pid;    // of a process to watch; else `program` is run
  bool with_children = false;  // of `pid`
  ProgramRequest program;
  uint64_t period_ns = 1'000'000;
  double interval_s = 1;
  Subject subject = Subject::kLines;
  size_t sort_column = 0;  // of NumberColumns(subject)
  size_t rows = 20;        // of a plain table
  SelectionOptions selection;
};

// What is only printed.
struct PrintRequest {
  enum class What { kHelp, kVersion, kFormats, kCompletion, kManualPage };
  What what = What::kHelp;
  CommandId command = CommandId::kRun;  // whose help
  std::string shell;                    // whose completions
};

using CommandLine =
    std::variant<PrintRequest, RunOptions, AttachOptions, DumpOptions, TopOptions,
                 ReportCommandOptions, MergeOptions, DiffOptions, InfoOptions, CtlOptions>;

// Parses main's arguments without its first. Fails with one line that names the option.
Result<CommandLine> ParseCommandLine(const std::vector<std::string>& arguments);

}  // namespace lineprof

#endif  // LINEPROF_OPTIONS_OPTIONS_H_
