#include "cli/options.h"

#include <gtest/gtest.h>

#include <csignal>
#include <sstream>

namespace lineprof {
namespace {

using Words = std::vector<std::string>;

Options Parse(const Words& words) {
  Result<Options> options = ParseOptions(words);
  EXPECT_TRUE(options.ok()) << options.error();
  return options.ok() ? std::move(options).value() : Options();
}

TEST(Options, DefaultsAreTheDocumentedOnes) {
  const Options options = Parse({"-s", "0.001", "script.py"});
  EXPECT_EQ(options.period_ns, 1'000'000U);
  EXPECT_EQ(options.clock, Clock::kWall);
  EXPECT_FALSE(options.main_thread_only);
  EXPECT_EQ(options.timer, Settings::Timer::kAuto);
  EXPECT_EQ(options.signal, 0);
  EXPECT_EQ(options.outputs, Words{"-"});
  EXPECT_EQ(options.format, FindReportFormat("text"));
  EXPECT_FALSE(options.exclude_library || options.verbose || options.quiet);
  EXPECT_FALSE(options.program.python.has_value());
}

TEST(Options, AreTaken) {
  const Options options =
      Parse({"-vqs.5",      "-o",        "a",        "--out=-",     "-ftext",
             "--clock=cpu", "-t0",       "--python", "py",          "--include",
             "a",           "--include", "b",        "--exclude=c", "--exclude-syspath",
             "--timer",     "perf",      "--signal", "USR1",        "x.py"});
  EXPECT_EQ(options.period_ns, 500'000'000U);
  EXPECT_EQ(options.clock, Clock::kCpu);
  EXPECT_TRUE(options.main_thread_only);
  EXPECT_EQ(options.timer, Settings::Timer::kPerf);
  EXPECT_EQ(options.signal, SIGUSR1);
  EXPECT_EQ(options.outputs, (Words{"a", "-"}));
  EXPECT_EQ(options.includes, (Words{"a", "b"}));
  EXPECT_EQ(options.excludes, Words{"c"});
  EXPECT_TRUE(options.exclude_library && options.verbose && options.quiet);
  EXPECT_EQ(options.program.python, "py");
  EXPECT_EQ(options.program.words, Words{"x.py"});
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
    const Options options = Parse(words);
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
  EXPECT_EQ(Parse({"--help"}).action, Options::Action::kHelp);
  EXPECT_EQ(Parse({"-h", "x.py"}).action, Options::Action::kHelp);
  EXPECT_EQ(Parse({"--version"}).action, Options::Action::kVersion);
  EXPECT_EQ(Parse({"-s", "1", "x.py", "--help"}).action, Options::Action::kRun);
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
  };
  for (const Case& each : cases) {
    const Result<Options> options = ParseOptions(each.words);
    ASSERT_FALSE(options.ok()) << each.named;
    EXPECT_NE(options.error().find(each.named), std::string::npos) << options.error();
    EXPECT_EQ(options.error().find('\n'), std::string::npos);
  }
}

TEST(Options, SignalsHaveNumbersAndNames) {
  EXPECT_EQ(ParseSignal("27"), SIGPROF);
  EXPECT_EQ(ParseSignal("PROF"), SIGPROF);
  EXPECT_EQ(ParseSignal("SIGPROF"), SIGPROF);
  EXPECT_EQ(ParseSignal("SIGRTMIN"), SIGRTMIN);
  EXPECT_EQ(ParseSignal("RTMIN+3"), SIGRTMIN + 3);
  EXPECT_EQ(ParseSignal("64"), SIGRTMAX);
  for (const char* none : {"", "0", "-1", "65", "33", "SIG", "prof", "27x", "SIG27", "RTMIN+99",
                           "RTMIN+-1", "RTMIN+", "99999999999"}) {
    EXPECT_EQ(ParseSignal(none), 0) << none;
  }
}

TEST(Help, FitsEightyColumns) {
  std::istringstream help(HelpText());
  for (std::string line; std::getline(help, line);) EXPECT_LE(line.size(), 80U) << line;
}

}  // namespace
}  // namespace lineprof
