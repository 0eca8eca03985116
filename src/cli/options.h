// The command line: what the user asks of lineprof, and what is the program's.
//
// All of Boost.Program_options is behind this header. Checks everything that can be told from the
// words alone; whether files exist is for those who use them. THREAD: any.
#ifndef LINEPROF_CLI_OPTIONS_H_
#define LINEPROF_CLI_OPTIONS_H_

#include <string>
#include <vector>

#include "launcher/program.h"
#include "lineprof/profile.h"
#include "lineprof/report.h"
#include "lineprof/result.h"
#include "recording/settings.h"

namespace lineprof {

struct Options {
  enum class Action { kRun, kHelp, kVersion };
  Action action = Action::kRun;

  ProgramRequest program;

  Mode mode = Mode::kStatistical;
  uint64_t period_ns = 0;  // kStatistical
  Clock clock = Clock::kWall;
  bool main_thread_only = false;
  Settings::Timer timer = Settings::Timer::kAuto;
  int signal = 0;  // 0: the agent's default

  std::vector<std::string> outputs;  // "-" is standard output; never empty for kRun
  const ReportFormat* format = nullptr;
  std::vector<std::string> includes;
  std::vector<std::string> excludes;
  bool exclude_library = false;
  std::vector<std::string> only;  // functions to trace, kDeterministic
  bool decorated = false;         // only those decorated with @profile, kDeterministic

  bool verbose = false;
  bool quiet = false;
};

// Parses main's arguments without its first. Fails with one line that names the option.
Result<Options> ParseOptions(const std::vector<std::string>& arguments);

// The text of --help, lines of at most 80 columns.
std::string HelpText();

// The signal of that number or name ("27", "PROF", "SIGPROF", "SIGRTMIN+3"), 0 if there is none.
int ParseSignal(const std::string& text);

}  // namespace lineprof

#endif  // LINEPROF_CLI_OPTIONS_H_
