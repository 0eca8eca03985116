#include "options/options.h"

#include <gtest/gtest.h>

#include <csignal>

namespace lineprof {
namespace {

using Words = std::vector<std::string>;

// Parses to that command's options.
template <typename Options = RunOptions>
Options Parse(const Words& words) {
  const Result<CommandLine> line = ParseCommandLine(words);
  EXPECT_TRUE(line.ok()) << line.error();
  const Options* options = line.ok() ? std::get_if<Options>(&line.value()) : nullptr;
  EXPECT_NE(options, nullptr) << words.front();
  return options != nullptr ? *options : Options();
}

Words NamesOf(const ReportingOptions& reporting) {
  Words names;
  for (const OutputOptions& output : reporting.outputs) names.push_back(output.name);
  return names;
}

TEST(Options, DefaultsAreTheDocumentedOnes) {
  const RunOptions options = Parse({"-s", "0.001", "script.py"});
  EXPECT_EQ(options.period_ns, 1'000'000U);
  EXPECT_EQ(options.clock, Clock::kWall);
  EXPECT_FALSE(options.main_thread_only);
  EXPECT_EQ(options.timer, Settings::Timer::kAuto);
  EXPECT_EQ(options.signal, 0);
  EXPECT_EQ(NamesOf(options.reporting), Words{"-"});
  EXPECT_EQ(options.reporting.outputs[0].format, FindReportFormat("text"));
  EXPECT_FALSE(options.reporting.selection.exclude_library || options.verbose || options.quiet);
  EXPECT_FALSE(options.program.python.has_value());
}

TEST(Options, AreTaken) {
  const RunOptions options =
      Parse({"-vqs.5",      "-o",        "a",        "--out=-",     "-ftext",
             "--clock=cpu", "-t0",       "--python", "py",          "--include",
             "a",           "--include", "b",        "--exclude=c", "--exclude-syspath",
             "--timer",     "perf",      "--signal", "USR1",        "--fold=d",
             "--root=e",    "x.py"});
  EXPECT_EQ(options.period_ns, 500'000'000U);
  EXPECT_EQ(options.clock, Clock::kCpu);
  EXPECT_TRUE(options.main_thread_only);
  EXPECT_EQ(options.timer, Settings::Timer::kPerf);
  EXPECT_EQ(options.signal, SIGUSR1);
  EXPECT_EQ(NamesOf(options.reporting), (Words{"a", "-"}));
  EXPECT_EQ(options.reporting.selection.includes, (Words{"a", "b"}));
  EXPECT_EQ(options.reporting.selection.excludes, Words{"c"});
  EXPECT_EQ(options.reporting.selection.folds, Words{"d"});
  EXPECT_EQ(options.reporting.selection.roots, Words{"e"});
  EXPECT_TRUE(options.reporting.selection.exclude_library && options.verbose && options.quiet);
  EXPECT_EQ(options.program.python, "py");
  EXPECT_EQ(options.program.words, Words{"x.py"});
}

TEST(Options, SayWhenToProfile) {
  const RunOptions all =
      Parse({"-s1", "--delay", "0.5", "-d2", "--toggle-signal=SIGUSR2", "--wait-children", "x"});
  EXPECT_EQ(all.delay_ns, 500'000'000U);
  EXPECT_EQ(all.duration_ns, 2'000'000'000U);
  EXPECT_EQ(all.toggle_signal, SIGUSR2);
  EXPECT_TRUE(all.wait_children);
  const RunOptions none = Parse({"-s1", "x"});
  EXPECT_EQ(none.delay_ns, 0U);
  EXPECT_FALSE(none.duration_ns.has_value() || none.wait_children);
  EXPECT_EQ(none.toggle_signal, 0);
}

TEST(Options, PerProcessNamesFilesByProcess) {
  const Words words = {"-s1", "--per-process",
                       "-o",  "a.b.txt",
                       "-o",  "c.speedscope.json",
                       "-o",  "callgrind.out.d",
                       "-o",  "e.lineprof",
                       "-o",  "f-%p.csv",
                       "-o",  "-",
                       "-o",  "g",
                       "x"};
  const ReportingOptions reporting = Parse(words).reporting;
  EXPECT_EQ(NamesOf(reporting), (Words{"a.b-%p.txt", "c-%p.speedscope.json", "callgrind.out.d-%p",
                                       "e-%p.lineprof", "f-%p.csv", "-", "g-%p"}));
  for (const OutputOptions& output : reporting.outputs) EXPECT_TRUE(output.per_process);
  EXPECT_FALSE(Parse({"-s1", "-o", "a", "x"}).reporting.outputs[0].per_process);
  EXPECT_TRUE(Parse({"-s1", "-o", "%p", "x"}).reporting.outputs[0].per_process);
}

TEST(Options, OfCtlAreTaken) {
  using Action = CtlOptions::Action;
  EXPECT_EQ(Parse<CtlOptions>({"ctl", "7", "stop"}).action, Action::kStop);
  const auto snapshot = Parse<CtlOptions>({"ctl", "7", "snapshot", "-o", "a.lineprof", "--hot=1"});
  EXPECT_EQ(snapshot.pid, 7);
  EXPECT_EQ(snapshot.action, Action::kSnapshot);
  EXPECT_EQ(NamesOf(snapshot.reporting), Words{"a.lineprof"});
}

TEST(Options, EndWhereTheProgramBegins) {
  struct Case {
    Words words;
    ProgramKind kind;
    Words program;
  };
  const std::vector<Case> cases = {
      {{"x.py", "-s", "2", "--", "-o"}, ProgramKind::kScript, {"x.py", "-s", "2", "--", "-o"}},
      {{"-", "-x"}, ProgramKind::kScript, {"-", "-x"}},
      {{"-m", "mod", "-x"}, ProgramKind::kModule, {"mod", "-x"}},
      {{"-mmod", "-x"}, ProgramKind::kModule, {"mod", "-x"}},
      {{"-m", "--help"}, ProgramKind::kModule, {"--help"}},
      {{"-c", "1", "--version"}, ProgramKind::kCode, {"1", "--version"}},
      {{"-c1"}, ProgramKind::kCode, {"1"}},
      {{"-c", ""}, ProgramKind::kCode, {""}},
      {{"--", "-tool", "-s"}, ProgramKind::kCommand, {"-tool", "-s"}},
      {{"-v", "-o", "x.py", "-q", "y.py"}, ProgramKind::kScript, {"y.py"}},
      {{"-vo", "x.py", "y.py"}, ProgramKind::kScript, {"y.py"}},
      {{"-vox.py", "y.py"}, ProgramKind::kScript, {"y.py"}},
      {{"--out=x.py", "y.py"}, ProgramKind::kScript, {"y.py"}},
      {{"--out", "-", "y.py"}, ProgramKind::kScript, {"y.py"}},
  };
  for (const Case& each : cases) {
    Words words = {"-s", "0.01"};
    words.insert(words.end(), each.words.begin(), each.words.end());
    const RunOptions options = Parse(words);
    EXPECT_EQ(options.program.kind, each.kind) << each.words[0];
    EXPECT_EQ(options.program.words, each.program) << each.words[0];
  }
}

TEST(Options, RateIsThePeriodTurnedOver) {
  EXPECT_EQ(Parse({"-r", "1000", "x"}).period_ns, 1'000'000U);
  EXPECT_EQ(Parse({"-r", "20000", "x"}).period_ns, 50'000U);
  EXPECT_EQ(Parse({"--rate=1", "x"}).period_ns, 1'000'000'000U);
  EXPECT_EQ(Parse({"-s", "0.00005", "x"}).period_ns, 50'000U);
  EXPECT_EQ(Parse({"-s", "1", "x"}).period_ns, 1'000'000'000U);
  EXPECT_EQ(Parse({"-s", "1e-3", "x"}).period_ns, 1'000'000U);
}

TEST(Options, HelpAndVersionNeedNoProgram) {
  using What = PrintRequest::What;
  EXPECT_EQ(Parse<PrintRequest>({"--help"}).what, What::kHelp);
  EXPECT_EQ(Parse<PrintRequest>({"-h", "x.py"}).what, What::kHelp);
  EXPECT_EQ(Parse<PrintRequest>({"--version"}).what, What::kVersion);
  EXPECT_EQ(Parse<PrintRequest>({"formats"}).what, What::kFormats);
  EXPECT_EQ(Parse<PrintRequest>({"diff", "--help"}).command, CommandId::kDiff);
  Parse<RunOptions>({"-s", "1", "x.py", "--help"});
}

TEST(Options, ACommandIsTheVeryFirstWord) {
  EXPECT_EQ(Parse<ReportCommandOptions>({"report", "x.lineprof"}).file, "x.lineprof");
  for (const Words& words : {Words{"-s1", "report", "x"}, Words{"-s1", "./report", "x"}}) {
    EXPECT_EQ(Parse(words).program.words, Words(words.begin() + 1, words.end()));
  }
}

TEST(Options, OfTheCommandsAreTaken) {
  const auto report = Parse<ReportCommandOptions>(
      {"report", "-o", "out.txt", "x.lineprof", "--clock", "cpu", "--hot=5", "--context", "2",
       "--sort=hits", "--columns", "wait,cpu", "--color=never"});
  EXPECT_EQ(report.file, "x.lineprof");
  EXPECT_EQ(report.clock, Clock::kCpu);
  EXPECT_EQ(report.reporting.report.hot_percent, 5);
  EXPECT_EQ(report.reporting.report.context_lines, 2U);
  EXPECT_EQ(report.reporting.report.sort, ReportOptions::Sort::kHits);
  using Column = ReportOptions::Column;
  EXPECT_EQ(report.reporting.report.columns, (std::vector<Column>{Column::kWait, Column::kCpu}));
  EXPECT_EQ(report.reporting.color, ColorMode::kNever);
  EXPECT_EQ(Parse<ReportCommandOptions>({"report", "x"}).clock, std::nullopt);

  const auto merge = Parse<MergeOptions>({"merge", "a", "b", "-o", "c", "--", "-d"});
  EXPECT_EQ(merge.files, (Words{"a", "b", "-d"}));
  EXPECT_EQ(merge.output, "c");

  const auto diff = Parse<DiffOptions>({"diff", "a", "b", "--fail-above", "20", "-a"});
  EXPECT_EQ(diff.before, "a");
  EXPECT_EQ(diff.after, "b");
  EXPECT_EQ(diff.clock, Clock::kCpu);
  EXPECT_EQ(diff.fail_above_percent, 20);
  EXPECT_TRUE(diff.list_all);
  EXPECT_FALSE(diff.json);
  EXPECT_TRUE(Parse<DiffOptions>({"diff", "a", "b", "-o", "x.json"}).json);
  EXPECT_TRUE(Parse<DiffOptions>({"diff", "a", "b", "-fjson"}).json);
  EXPECT_EQ(Parse<InfoOptions>({"info", "a"}).file, "a");
}

TEST(Options, OfThoseWhoLookAtProcessesAreTaken) {
  const auto attach = Parse<AttachOptions>(
      {"attach", "7", "8", "7", "-s", "0.01", "-d", "2.5", "--children", "-t0", "-qvo", "a"});
  EXPECT_EQ(attach.pids, (std::vector<pid_t>{7, 8}));
  EXPECT_EQ(attach.period_ns, 10'000'000U);
  EXPECT_EQ(attach.duration_s, 2.5);
  EXPECT_TRUE(attach.with_children && attach.main_thread_only && attach.quiet && attach.verbose);
  const auto same = Parse<AttachOptions>({"-p", "7", "-p8", "--clock=cpu"});
  EXPECT_EQ(same.pids, (std::vector<pid_t>{7, 8}));
  EXPECT_EQ(same.period_ns, 1'000'000U);
  EXPECT_EQ(same.clock, Clock::kCpu);
  EXPECT_FALSE(same.duration_s || same.with_children);
  const auto dump = Parse<DumpOptions>({"dump", "7", "-l", "--json", "--watch", "0.5"});
  EXPECT_EQ(dump.pid, 7);
  EXPECT_TRUE(dump.with_locals && dump.json);
  EXPECT_EQ(dump.watch_s, 0.5);
}

TEST(Options, OfThoseWhoLookAtProcessesAreChecked) {
  for (const Words& words : std::initializer_list<Words>{
           {"attach"},
           {"attach", "x"},
           {"attach", "0"},
           {"attach", "7", "-d", "0"},
           {"attach", "7", "-d", "nan"},
           {"attach", "7", "-s", "9"},
           {"attach", "7", "--only", "x"},
           {"-p", "7", "x.py"},
           {"-p", "7", "--", "x"},
           {"-p", "7", "--only", "x"},
           {"-p", "7", "--timer", "perf"},
           {"-p", "1e3"},
           {"-p", "99999999999"},
           {"-p", "7", "--delay", "1"},
           {"-p", "7", "--per-thread"},
           {"-p", "7", "--async"},
           {"--children", "x.py"},
           {"dump"},
           {"dump", "7", "8"},
           {"dump", "7", "--watch", "-1"},
       }) {
    EXPECT_FALSE(ParseCommandLine(words).ok()) << words.front() << " " << words.back();
  }
}

TEST(Options, NamesOfFilesAskForFormats) {
  const ReportFormat* text = FindReportFormat("text");
  const auto formats = [](const Words& words) {
    std::vector<const ReportFormat*> found;
    for (const OutputOptions& output : Parse(words).reporting.outputs) {
      found.push_back(output.format);
    }
    return found;
  };
  using Formats = std::vector<const ReportFormat*>;
  EXPECT_EQ(formats({"-s1", "-o", "a.txt", "-o", "a.lineprof", "-o", "a.unknown", "x"}),
            (Formats{text, nullptr, text}));
  EXPECT_EQ(formats({"-s1", "-f", "text", "-o", "a.unknown", "-o", "a.txt", "x"}),
            (Formats{text, text}));
  EXPECT_EQ(formats({"-s1", "-f", "text", "-o", "a.html", "x"}), Formats{text});
  EXPECT_EQ(formats({"-s1", "-f", "lineprof", "-o", "kept", "x"}), Formats{nullptr});
}

TEST(Options, ATimelineIsKeptWhereItIsNeeded) {
  EXPECT_EQ(Parse({"-s1", "-o", "a.svg", "x"}).timeline_limit, 0U);
  EXPECT_EQ(Parse({"-s1", "-o", "a.svg", "-o", "a.trace.json", "x"}).timeline_limit, 1'000'000U);
  EXPECT_EQ(Parse({"-s1", "-o", "a.gecko.json", "--timeline-limit=7", "x"}).timeline_limit, 7U);
  EXPECT_EQ(Parse({"-s1", "-o", "a.lineprof", "--timeline-limit=7", "x"}).timeline_limit, 7U);
}

TEST(Options, ErrorsNameTheOption) {
  struct Case {
    Words words;
    std::string named;
  };
  const std::vector<Case> cases = {
      {{}, "no program"},
      {{"--clock", "cpu", "x.py"}, "--clock is for samples"},
      {{"-s", "0.001", "--only", "f", "x.py"}, "not with -s"},
      {{"-s", "0", "x"}, "-s '0'"},
      {{"-s", "1.0001", "x"}, "-s '1.0001'"},
      {{"-s", "inf", "x"}, "-s 'inf'"},
      {{"-s", "", "x"}, "-s"},
      {{"-r", "0.9", "x"}, "-r '0.9'"},
      {{"-s1", "-r1", "x"}, "-s and -r"},
      {{"-s1", "-f", "pdf", "x"}, "--format 'pdf'"},
      {{"-s1", "--clock", "CPU", "x"}, "--clock 'CPU'"},
      {{"-s1", "-t", "2", "x"}, "--threads '2'"},
      {{"-s1", "--timer", "x", "x"}, "--timer 'x'"},
      {{"-s1", "--signal", "CHLD", "x"}, "--signal 'CHLD'"},
      {{"-s1", "--quiet=1", "x"}, "--quiet"},
      {{"-s1", "--unknown", "x"}, "--unknown"},
      {{"-s1", "-z", "x"}, "-z"},
      {{"-s1", "--"}, "--"},
      {{"-s1", "-o"}, "--out"},
      {{"-s1", "-o", "a%x", "x"}, "--out a%x"},
      {{"-s1", "-ftext", "-o", "a.txt", "-o", "a.lineprof", "x"}, "--out a.lineprof"},
      {{"-s1", "-ftext", "-o", "a.lineprof", "x"}, "--out a.lineprof is a recording"},
      {{"-s1", "--hot", "-1", "x"}, "--hot '-1'"},
      {{"-s1", "--context", "1.5", "x"}, "--context '1.5'"},
      {{"-s1", "--columns", "cpu,", "x"}, "--columns ''"},
      {{"-s1", "--columns", "cpu,cpu", "x"}, "cpu is given twice"},
      {{"-s1", "--sort", "size", "x"}, "--sort 'size'"},
      {{"-s1", "--color", "red", "x"}, "--color 'red'"},
      {{"-s1", "-o", "a.html", "x"}, "--out a.html: .html is reserved"},
      {{"report", "a.lineprof", "-o", "a.html"}, "--out a.html: .html is reserved"},
      {{"-s1", "--timeline-limit", "0", "x"}, "--timeline-limit '0'"},
      {{"-s1", "--timeline-limit", "10000001", "x"}, "--timeline-limit '10000001'"},
      {{"--timeline-limit", "5", "x"}, "--timeline-limit is for samples"},
      {{"-s1", "-o", "a.lprof", "x"}, "a.lprof: lprof holds counts"},
      {{"-o", "a.svg", "x"}, "a.svg: flamegraph needs the stacks of samples"},
      {{"-o", "a.trace.json", "x"}, "a.trace.json: chrome needs the times of samples"},
      {{"report"}, "report takes 1 file"},
      {{"report", "a", "b"}, "report takes 1 file"},
      {{"report", "a", "-s", "1"}, "-s"},
      {{"report", "a", "-o", "b.lineprof"}, "--out b.lineprof"},
      {{"merge", "-o", "a"}, "no recordings"},
      {{"merge", "a"}, "no --out"},
      {{"merge", "a", "-o", "b", "-o", "c"}, "--out"},
      {{"diff", "a"}, "diff takes 2 files"},
      {{"diff", "a", "b", "--fail-above", "x"}, "--fail-above 'x'"},
      {{"diff", "a", "b", "-f", "csv"}, "--format 'csv'"},
      {{"info"}, "info takes 1 file"},
      {{"--delay", "1", "x"}, "--delay is for samples"},
      {{"--per-thread", "x"}, "--per-thread is for samples"},
      {{"--async", "x"}, "--async is for samples"},
      {{"-s1", "--per-thread", "-f", "csv", "x"}, "--per-thread is for text reports"},
      {{"-s1", "-d", "0", "x"}, "--duration '0'"},
      {{"-s1", "--toggle-signal", "SIGINT", "x"}, "--toggle-signal 'SIGINT'"},
      {{"ctl"}, "ctl takes a process and what to do"},
      {{"ctl", "-1", "stop"}, "-1"},
      {{"ctl", "1", "halt"}, "ctl 'halt'"},
  };
  for (const Case& each : cases) {
    const Result<CommandLine> options = ParseCommandLine(each.words);
    ASSERT_FALSE(options.ok()) << each.named;
    EXPECT_NE(options.error().find(each.named), std::string::npos) << options.error();
    EXPECT_EQ(options.error().find('\n'), std::string::npos);
  }
}

TEST(TopOptions, ProgramIsARunsOrAProcess) {
  const TopOptions script =
      Parse<TopOptions>({"top", "-i.5", "--by", "function", "x.py", "-i", "2"});
  EXPECT_EQ(script.program.kind, ProgramKind::kScript);
  EXPECT_EQ(script.program.words, (Words{"x.py", "-i", "2"}));
  EXPECT_EQ(script.interval_s, 0.5);
  EXPECT_EQ(script.subject, Subject::kFunctions);
  EXPECT_EQ(script.period_ns, 1'000'000U);
  EXPECT_FALSE(script.pid.has_value());
  const TopOptions command = Parse<TopOptions>({"top", "-r", "100", "--", "12", "34"});
  EXPECT_EQ(command.program.kind, ProgramKind::kCommand);
  EXPECT_EQ(command.program.words, (Words{"12", "34"}));
  EXPECT_EQ(command.period_ns, 10'000'000U);
  EXPECT_EQ(Parse<TopOptions>({"top", "-m", "http.server"}).program.kind, ProgramKind::kModule);
  EXPECT_EQ(Parse<TopOptions>({"top", "--sort=total", "-n5", "12"}).pid, 12);
  EXPECT_EQ(Parse<TopOptions>({"top", "--sort=total", "12"}).sort_column, 2U);
}

TEST(TopOptions, RefusesWhatMakesNoSense) {
  const std::vector<Words> cases = {
      {"top"},
      {"top", "0"},
      {"top", "99999999999999999999"},
      {"top", "12", "34"},
      {"top", "--children", "x.py"},
      {"top", "--python", "python3", "12"},
      {"top", "--interval", "0.09", "x.py"},
      {"top", "--interval", "3601", "x.py"},
      {"top", "--interval", "abc", "x.py"},
      {"top", "--rows", "0", "x.py"},
      {"top", "--by", "file", "x.py"},
      {"top", "--by", "thread", "--sort", "total", "x.py"},
      {"top", "-o", "out.txt", "x.py"},
      {"top", "-5"},
      {"top", "--"},
      {"top", "-m"},
  };
  for (const Words& words : cases) {
    EXPECT_FALSE(ParseCommandLine(words).ok()) << words.back();
  }
}

}  // namespace
}  // namespace lineprof
