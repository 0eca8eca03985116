#include "options/option_table.h"

#include <algorithm>
#include <array>

namespace lineprof {
namespace {

using std::string_view;

constexpr uint32_t kRun = Bit(CommandId::kRun);
constexpr uint32_t kReport = Bit(CommandId::kReport);
constexpr uint32_t kMerge = Bit(CommandId::kMerge);
constexpr uint32_t kDiff = Bit(CommandId::kDiff);
constexpr uint32_t kInfo = Bit(CommandId::kInfo);
constexpr uint32_t kCtl = Bit(CommandId::kCtl);
constexpr uint32_t kFormats = Bit(CommandId::kFormats);
constexpr uint32_t kAttach = Bit(CommandId::kAttach);
constexpr uint32_t kDump = Bit(CommandId::kDump);
constexpr uint32_t kTop = Bit(CommandId::kTop);
constexpr uint32_t kEvery =
    kRun | kReport | kMerge | kDiff | kInfo | kCtl | kFormats | kAttach | kDump | kTop;

constexpr string_view kRunForms[] = {
    "[OPTIONS] SCRIPT [ARGS...]",
    "[OPTIONS] -m MODULE [ARGS...]",
    "[OPTIONS] -c CODE [ARGS...]",
    "[OPTIONS] -- COMMAND [ARGS...]",
    "[OPTIONS] -p PID",
};
constexpr string_view kReportForms[] = {"report RUN.lineprof [-o FILE]... [OPTIONS]"};
constexpr string_view kMergeForms[] = {"merge RUN.lineprof... -o ALL.lineprof"};
constexpr string_view kDiffForms[] = {"diff BEFORE.lineprof AFTER.lineprof [OPTIONS]"};
constexpr string_view kInfoForms[] = {"info RUN.lineprof"};
constexpr string_view kCtlForms[] = {"ctl PID start|stop",
                                     "ctl PID snapshot [-o FILE]... [OPTIONS]"};
constexpr string_view kFormatsForms[] = {"formats"};
constexpr string_view kAttachForms[] = {"attach PID... [OPTIONS]"};
constexpr string_view kDumpForms[] = {"dump PID [OPTIONS]"};
constexpr string_view kTopForms[] = {
    "top [OPTIONS] PID",
    "top [OPTIONS] SCRIPT [ARGS...]",
    "top [OPTIONS] -m MODULE [ARGS...]",
    "top [OPTIONS] -c CODE [ARGS...]",
    "top [OPTIONS] -- COMMAND [ARGS...]",
};

constexpr std::array kCommands = {
    CommandSpec{CommandId::kRun, "", kRunForms, "run a program, profile it, write reports",
                "Runs the program as plain Python would, counts every line that its threads and "
                "child processes run, or takes samples of them (-s), and writes reports when it "
                "has ended. All that follows SCRIPT, "
                "MODULE, CODE or COMMAND belongs to the program. The exit status is the program's.",
                true, true},
    CommandSpec{CommandId::kReport, "report", kReportForms, "make reports from a recording",
                "Makes reports from a recording that a run kept (-o RUN.lineprof), with any "
                "options of a report, on any machine: sources and programs need not be there.",
                true},
    CommandSpec{CommandId::kMerge, "merge", kMergeForms, "put several recordings into one",
                "Puts the runs of several recordings (of other hosts, of the ranks of a job, of "
                "repeated runs) into one recording. Each process keeps where it ran.",
                true},
    CommandSpec{CommandId::kDiff, "diff", kDiffForms, "which lines got slower or faster",
                "Compares the time on each line and in each function of two recordings. Lines are "
                "matched by file, function and text, so that moved ones are found again. Only "
                "differences that chance cannot explain are marked.",
                true},
    CommandSpec{CommandId::kInfo, "info", kInfoForms, "what is in a recording",
                "Prints the runs and processes that a recording holds.", true},
    CommandSpec{CommandId::kCtl, "ctl", kCtlForms, "start, stop and look at a run that goes on",
                "Stops and starts the sampling of a program that runs under lineprof, in all its "
                "processes, or makes reports of what was seen up to now. PID is any process of "
                "the run, or lineprof itself.",
                true},
    CommandSpec{CommandId::kFormats, "formats", kFormatsForms, "the formats of reports",
                "Lists the formats, the names of files that ask for them, and what they are for.",
                false},
    CommandSpec{CommandId::kAttach, "attach", kAttachForms, "profile processes that run already",
                "Samples running Python processes from outside, until they end, the time given by "
                "-d is over, or Ctrl-C, and writes reports. The processes are only read: never "
                "stopped, traced or signalled. The same as lineprof -p PID. Needs to be allowed to "
                "read their memory, as debuggers do: root, or the same user where the kernel "
                "permits it.",
                true},
    CommandSpec{
        CommandId::kDump, "dump", kDumpForms, "the stacks of a running process",
        "Prints the stacks of all threads of a running Python process, innermost last, with "
        "their source lines. The process is only read.",
        true},
    CommandSpec{
        CommandId::kTop, "top", kTopForms, "a live view of a running program",
        "Shows where a program spends its time now, by line, function, thread or process, "
        "on the whole screen; h lists the keys. Where standard output is no terminal it "
        "prints a table every so often. Meanwhile what the program would write to the "
        "terminal is kept, and printed at the end; its standard input, if it is the "
        "terminal, is /dev/null. Quitting asks whether the program shall go on. The exit "
        "status is the program's. A process that is named by its PID is only read, never stopped, "
        "traced or signalled; the status is 0 then.",
        true, true},
};

constexpr std::span<const string_view> kFree;  // no list of words
constexpr string_view kClocks[] = {"wall", "cpu"};
constexpr string_view kBits[] = {"0", "1"};
constexpr string_view kTimers[] = {"auto", "perf", "monotonic"};
constexpr string_view kSorts[] = {"line", "time", "hits", "name"};
constexpr string_view kColumns[] = {"cpu", "wait", "inclusive", "confidence"};
constexpr string_view kWhen[] = {"auto", "always", "never"};
constexpr string_view kToggleSignals[] = {"SIGUSR1", "SIGUSR2"};
constexpr string_view kDiffFormats[] = {"text", "json"};
constexpr string_view kSubjects[] = {"line", "function", "thread", "process"};
constexpr string_view kTopSorts[] = {"cpu", "wait", "total"};
constexpr string_view kShells[] = {"bash", "zsh", "fish"};

constexpr std::array kOptions = {
    OptionSpec{"statistic", 's', ValueKind::kText, "SECONDS", kFree, false, OptionGroup::kSampling,
               kRun | kAttach | kTop, "take a sample every so often: 0.00005 to 1"},
    OptionSpec{"rate", 'r', ValueKind::kText, "HZ", kFree, false, OptionGroup::kSampling,
               kRun | kAttach | kTop, "the same as a rate: 1 to 20000"},
    OptionSpec{"clock", 0, ValueKind::kWord, "wall|cpu", kClocks, false, OptionGroup::kSampling,
               kRun | kAttach, "what a line's time is: wall (default) or CPU time"},
    OptionSpec{"threads", 't', ValueKind::kWord, "0|1", kBits, false, OptionGroup::kSampling,
               kRun | kAttach, "1 (default): all threads; 0: the main thread only"},
    OptionSpec{"delay", 0, ValueKind::kText, "SECONDS", kFree, false, OptionGroup::kSampling, kRun,
               "begin to sample so long after the program's start"},
    OptionSpec{"duration", 'd', ValueKind::kText, "SECONDS", kFree, false, OptionGroup::kSampling,
               kRun,
               "sample for so long; the program goes on, and the report is written at its end "
               "(at any time: lineprof ctl PID snapshot). With -p: look so long"},
    OptionSpec{"toggle-signal", 0, ValueKind::kWord, "SIG", kToggleSignals, false,
               OptionGroup::kSampling, kRun,
               "a signal that, sent to lineprof, stops and starts sampling: SIGUSR1 or SIGUSR2; "
               "it does not reach the program"},
    OptionSpec{"timeline-limit", 0, ValueKind::kText, "N", kFree, false, OptionGroup::kSampling,
               kRun,
               "keep the order of a process's first N samples (1000000), for chrome and firefox; "
               "with -o NAME.lineprof, for later reports in these formats"},
    OptionSpec{"async", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kSampling, kRun,
               "the asyncio task that runs is the outermost frame of its samples, as task: NAME"},
    OptionSpec{"pid", 'p', ValueKind::kText, "PID", kFree, true, OptionGroup::kProcess, kRun,
               "sample that process from outside, from now on; may be repeated"},
    OptionSpec{"duration", 'd', ValueKind::kText, "SECONDS", kFree, false, OptionGroup::kProcess,
               kAttach, "look so long; default: until it ends, or Ctrl-C"},
    OptionSpec{"children", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kProcess,
               kRun | kAttach | kTop, "its child processes too, also those that it starts later"},
    OptionSpec{"locals", 'l', ValueKind::kNone, "", kFree, false, OptionGroup::kProcess, kDump,
               "the values of local variables too"},
    OptionSpec{"json", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kProcess, kDump,
               "as JSON, one line a dump"},
    OptionSpec{"watch", 0, ValueKind::kText, "SECONDS", kFree, false, OptionGroup::kProcess, kDump,
               "again and again after so long, until it ends, or Ctrl-C"},
    OptionSpec{"only", 0, ValueKind::kText, "RE", kFree, true, OptionGroup::kCounting, kRun,
               "count only functions whose qualified name matches; the rest runs at full speed"},
    OptionSpec{"decorated", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kCounting, kRun,
               "count only functions decorated with @profile, which is then a builtin"},
    OptionSpec{"out", 'o', ValueKind::kFile, "FILE", kFree, true, OptionGroup::kReport,
               kRun | kReport | kCtl | kAttach,
               "write a report there, in the format that the name asks for; - (default) is "
               "standard output; may be repeated. NAME.lineprof keeps the recording. In a name, %p "
               "is the process's id (each gets its own report), %h the host, %t the start time, %n "
               "the first free number, %% a %"},
    OptionSpec{"out", 'o', ValueKind::kFile, "FILE", kFree, false, OptionGroup::kReport, kMerge,
               "the recording to write"},
    OptionSpec{"out", 'o', ValueKind::kFile, "FILE", kFree, false, OptionGroup::kReport, kDiff,
               "write the comparison there; - (default) is standard output"},
    OptionSpec{"format", 'f', ValueKind::kFormat, "NAME", kFree, false, OptionGroup::kReport,
               kRun | kReport | kCtl | kAttach, "format of the report; see lineprof formats"},
    OptionSpec{"format", 'f', ValueKind::kWord, "text|json", kDiffFormats, false,
               OptionGroup::kReport, kDiff, "format of the comparison: text (default) or json"},
    OptionSpec{"clock", 0, ValueKind::kWord, "wall|cpu", kClocks, false, OptionGroup::kReport,
               kReport, "what a line's time is; default: as it was recorded"},
    OptionSpec{
        "clock", 0, ValueKind::kWord, "wall|cpu", kClocks, false, OptionGroup::kReport, kDiff,
        "the time to compare: cpu (default), or wall, which depends on what else the machine did"},
    OptionSpec{"include", 0, ValueKind::kText, "RE", kFree, true, OptionGroup::kReport,
               kRun | kReport | kCtl | kDiff | kAttach | kTop,
               "report a file whose name matches, even if an --exclude matches too; alone: report "
               "only such files"},
    OptionSpec{"exclude", 0, ValueKind::kText, "RE", kFree, true, OptionGroup::kReport,
               kRun | kReport | kCtl | kDiff | kAttach | kTop,
               "leave out files whose name matches"},
    OptionSpec{"exclude-syspath", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kReport,
               kRun | kReport | kCtl | kDiff | kAttach | kTop,
               "leave out the standard library and site-packages"},
    OptionSpec{"fold", 0, ValueKind::kText, "RE", kFree, true, OptionGroup::kReport,
               kRun | kReport | kCtl | kDiff | kAttach | kTop,
               "see through functions whose name matches: their time is their caller's, and it "
               "calls what they call"},
    OptionSpec{"root", 0, ValueKind::kText, "RE", kFree, true, OptionGroup::kReport,
               kRun | kReport | kCtl | kDiff | kAttach | kTop,
               "only stacks below a function whose name matches"},
    OptionSpec{"per-process", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kReport,
               kRun | kReport | kCtl | kAttach,
               "a report for each process; a FILE without %p gets -%p before its ending"},
    OptionSpec{"per-thread", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kReport,
               kRun | kReport | kCtl,
               "text reports: one for each thread, busiest first, in one file; a recording must "
               "have been made with it"},
    OptionSpec{"hot", 0, ValueKind::kText, "PCT", kFree, false, OptionGroup::kText,
               kRun | kReport | kCtl | kAttach,
               "only lines that have, or make a call that has, so many percent"},
    OptionSpec{"context", 0, ValueKind::kText, "N", kFree, false, OptionGroup::kText,
               kRun | kReport | kCtl | kAttach,
               "only lines with data or --hot ones, with N lines around each"},
    OptionSpec{"sort", 0, ValueKind::kWord, "line|time|hits|name", kSorts, false,
               OptionGroup::kText, kRun | kReport | kCtl | kAttach,
               "line (default): as in the source, files by time; time, hits: hottest line first; "
               "name: files by name"},
    OptionSpec{"columns", 0, ValueKind::kWords, "LIST", kColumns, false, OptionGroup::kText,
               kRun | kReport | kCtl | kAttach,
               "more columns, by comma: cpu, wait, inclusive, confidence (95 % of the time)"},
    OptionSpec{"color", 0, ValueKind::kWord, "auto|always|never", kWhen, false, OptionGroup::kText,
               kRun | kReport | kCtl | kAttach, "color the report; auto (default): on a terminal"},
    OptionSpec{
        "fail-above", 0, ValueKind::kText, "PCT", kFree, false, OptionGroup::kDiff, kDiff,
        "status 3 if a marked line or function, or the whole, got slower by more than PCT percent"},
    OptionSpec{"all", 'a', ValueKind::kNone, "", kFree, false, OptionGroup::kDiff, kDiff,
               "list every line and function that has time"},
    OptionSpec{"interval", 'i', ValueKind::kText, "SECONDS", kFree, false, OptionGroup::kTop, kTop,
               "look anew every so often: 0.1 to 3600; default: 1"},
    OptionSpec{"by", 0, ValueKind::kWord, "line|function|thread|process", kSubjects, false,
               OptionGroup::kTop, kTop, "what the rows are, at first; default: line"},
    OptionSpec{
        "sort", 0, ValueKind::kWord, "cpu|wait|total", kTopSorts, false, OptionGroup::kTop, kTop,
        "by which figure, at first: the CPU time itself (default), waiting, or CPU time with "
        "all that it calls"},
    OptionSpec{"rows", 'n', ValueKind::kText, "N", kFree, false, OptionGroup::kTop, kTop,
               "rows of a table that is printed; default: 20"},
    OptionSpec{"python", 0, ValueKind::kFile, "PATH", kFree, false, OptionGroup::kGeneral,
               kRun | kTop,
               "the interpreter; default: the active virtual environment's, else python3 on PATH"},
    OptionSpec{"wait-children", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kGeneral, kRun,
               "wait for all processes that the program started, daemons too; Ctrl-C ends that"},
    OptionSpec{"verbose", 'v', ValueKind::kNone, "", kFree, false, OptionGroup::kGeneral,
               kRun | kAttach, "say what is done; counting: each event"},
    OptionSpec{"quiet", 'q', ValueKind::kNone, "", kFree, false, OptionGroup::kGeneral,
               kRun | kAttach, "no summary, no progress"},
    OptionSpec{"help", 'h', ValueKind::kNone, "", kFree, false, OptionGroup::kGeneral, kEvery,
               "print this help"},
    OptionSpec{"version", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kGeneral, kRun,
               "print the version"},
    OptionSpec{"timer", 0, ValueKind::kWord, "NAME", kTimers, false, OptionGroup::kAdvanced, kRun,
               "what drives the samples: auto (default), perf or monotonic"},
    OptionSpec{"signal", 0, ValueKind::kText, "SIG", kFree, false, OptionGroup::kAdvanced, kRun,
               "the signal that takes a sample, by number or name: SIGURG (default)"},
    OptionSpec{"print-completion", 0, ValueKind::kWord, "SHELL", kShells, false,
               OptionGroup::kHidden, kRun, "print the completions for that shell"},
    OptionSpec{"print-man", 0, ValueKind::kNone, "", kFree, false, OptionGroup::kHidden, kRun,
               "print the manual page"},
};

}  // namespace

std::span<const CommandSpec> CommandTable() { return kCommands; }

std::span<const OptionSpec> OptionTable() { return kOptions; }

std::string_view GroupTitle(OptionGroup group) {
  switch (group) {
    case OptionGroup::kSampling:
      return "Sampling";
    case OptionGroup::kProcess:
      return "Running processes";
    case OptionGroup::kCounting:
      return "Counting (without -s and -r)";
    case OptionGroup::kReport:
      return "Report";
    case OptionGroup::kText:
      return "Text report";
    case OptionGroup::kDiff:
      return "Comparison";
    case OptionGroup::kTop:
      return "View";
    case OptionGroup::kGeneral:
      return "General";
    case OptionGroup::kAdvanced:
      return "Advanced";
    case OptionGroup::kHidden:
      return "";
  }
  return "";
}

const CommandSpec& FindCommand(CommandId id) { return kCommands[static_cast<size_t>(id)]; }

const CommandSpec* FindCommand(std::string_view name) {
  const auto found = std::find_if(
      kCommands.begin(), kCommands.end(),
      [name](const CommandSpec& command) { return !command.name.empty() && command.name == name; });
  return found == kCommands.end() ? nullptr : &*found;
}

}  // namespace lineprof
