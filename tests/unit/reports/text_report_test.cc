// The text report from hand-made profiles, field by field; whole reports are in golden_report_test.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <sstream>
#include <string>
#include <vector>

#include "lineprof/report.h"

namespace lineprof {
namespace {

using Lines = std::vector<std::string>;

std::string Text(const Profile& profile) {
  std::ostringstream out;
  FindReportFormat("text")->write(profile, ReportOptions(), out);
  return out.str();
}

Lines SplitLines(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

bool HasLine(const Profile& profile, const std::string& line) {
  Lines lines = SplitLines(Text(profile));
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

// The rows of the only file, without the two lines above them.
Lines Rows(const Profile& profile) {
  Lines lines = SplitLines(Text(profile));
  auto rule = std::find(lines.begin(), lines.end(),
                        "------+----------+-------------+-------------+-------+-----------");
  return rule == lines.end() ? Lines{} : Lines(rule + 1, lines.end());
}

// Ten seconds of one file with this source and these lines.
Profile OneFile(Lines source, std::vector<LineCost> lines) {
  Profile profile;
  profile.duration_s = 10;
  SourceFile file;
  file.name = "a.py";
  if (!source.empty()) file.source.state = SourceText::State::kRead;
  file.source.lines = std::move(source);
  file.lines = std::move(lines);
  profile.files.push_back(file);
  return profile;
}

Process Described() {
  Process process;
  process.pid = 101;
  process.parent_pid = 100;
  process.command_line = "python3 'a b.py'";
  process.python_version = "3.11.7";
  process.timer = "perf cpu-clock";
  process.duration_s = 4;
  process.paused_s = 3;
  process.cpu_s = 0.5;
  process.wait_s = 2.5;
  process.threads = 2;
  process.samples = 1234;
  process.fate = ProcessFate::kSignal;
  process.fate_value = 9;
  return process;
}

TEST(TextReport, WritesOneFactALineInItsHeader) {
  Profile profile;
  profile.command_line = "main.py 'a b'";
  profile.period_s = 0.001;
  profile.delivered_hz = 999.16;
  profile.duration_s = 12.3456789;
  profile.cpu_samples = 1000;
  profile.wait_samples = 234;
  profile.unsampled_cpu_s = 0.1;
  profile.losses = {{"map full", 3}, {"no frame", 4}};
  profile.processes.resize(3);
  for (Process& process : profile.processes) {
    process.cpu_s = 0.5;
    process.wait_s = 2.5;
    process.threads = 2;
    process.python_version = "3.11.7";
    process.timer = "perf cpu-clock";
  }
  profile.processes[1].python_version = "3.10.13";
  profile.processes[2].python_version = "";
  profile.processes[0] = Described();
  profile.gil_wait_s = 0.25;
  profile.threads = {{101, 102, "a\nb", 2, 1, 0.5, 0.25, true}};
  profile.merged_threads = {5, 0.5, 5, 0};
  profile.notes = {"the JIT is on", "two\nlines"};
  EXPECT_EQ(Text(profile),
            "Command line: main.py 'a b'\n"
            "Total duration: 12.3457s\n"
            "Mode: statistical\n"
            "Clock: wall\n"
            "Period: 0.001s\n"
            "Rate asked: 1000 Hz\n"
            "Rate delivered: 999.2 Hz\n"
            "Samples: 1234\n"
            "Samples on CPU: 1000\n"
            "Samples waiting: 234\n"
            "Lost samples: 7\n"
            "Samples lost (map full): 3\n"
            "Samples lost (no frame): 4\n"
            "CPU time: 1.5s\n"
            "Waiting time: 7.5s\n"
            "GIL waiting time: 0.25s\n"
            "Unsampled CPU time: 0.1s\n"
            "Paused: 3s\n"
            "Processes: 3\n"
            "Threads: 6\n"
            "Python: 3.10.13, 3.11.7\n"
            "Timer: perf cpu-clock\n"
            "Process: 101, parent 100, 4s, 1234 samples, signal 9: python3 'a b.py'\n"
            "Process: 0, parent 0, 0s, 0 samples, end not known: \n"
            "Process: 0, parent 0, 0s, 0 samples, end not known: \n"
            "Thread: 1s CPU, 0.5s waiting, 0.25s for the GIL, 2s alive, process 101: a\\nb\n"
            "Threads not listed: 5, 0.5s CPU, 5s waiting, 0s for the GIL\n"
            "Note: the JIT is on\n"
            "Note: two\\nlines\n");
}

TEST(TextReport, WritesAnEmptyProfile) {
  EXPECT_TRUE(HasLine(Profile(), "Total duration: 0s"));
  EXPECT_TRUE(HasLine(Profile(), "Lost samples: 0"));
  EXPECT_TRUE(HasLine(Profile(), "Rate asked: 0 Hz"));
}

TEST(TextReport, LeavesOutUnsampledTimeOfHalfAPercent) {
  Profile profile;
  profile.processes.resize(1);
  profile.processes[0].cpu_s = 100;
  profile.unsampled_cpu_s = 0.5;
  EXPECT_EQ(Text(profile).find("Unsampled"), std::string::npos);
  profile.unsampled_cpu_s = 0.51;
  EXPECT_TRUE(HasLine(profile, "Unsampled CPU time: 0.51s"));
}

TEST(TextReport, PrintsAllLinesOfAFileWithData) {
  Profile profile = OneFile({"def f():", "", "    pass  \t", "\tx = 1"}, {});
  profile.files[0].lines = {{3, {4, 1'500'000'000, 0}, {}}};
  EXPECT_EQ(Rows(profile), (Lines{
                               "     1|         0|            0|            0|  0.00%|def f():",
                               "     2|         0|            0|            0|  0.00%|",
                               "     3|         4|          1.5|        0.375| 15.00%|    pass",
                               "     4|         0|            0|            0|  0.00%|\tx = 1",
                           }));
}

TEST(TextReport, PrintsLinesWithDataThatTheSourceDoesNotHave) {
  Profile profile = OneFile({"x"}, {{0, {1, 0, 0}, {}}, {2, {2, 0, 0}, {}}, {9, {3, 0, 0}, {}}});
  EXPECT_EQ(Rows(profile), (Lines{
                               "     0|         1|            0|            0|  0.00%|",
                               "     1|         0|            0|            0|  0.00%|x",
                               "     2|         2|            0|            0|  0.00%|",
                               "     9|         3|            0|            0|  0.00%|",
                           }));
}

TEST(TextReport, PrintsOnlyLinesWithDataWithoutASource) {
  Profile profile = OneFile({}, {{2, {2, 0, 0}, {}}, {9, {3, 0, 0}, {}}});
  profile.files[0].source.note = "no source: frozen\ninto the interpreter";
  EXPECT_TRUE(HasLine(profile, "File note: no source: frozen\\ninto the interpreter"));
  EXPECT_EQ(Rows(profile), (Lines{
                               "     2|         2|            0|            0|  0.00%|",
                               "     9|         3|            0|            0|  0.00%|",
                           }));
}

TEST(TextReport, SkipsFilesWithoutLines) {
  Profile profile = OneFile({"x"}, {});
  EXPECT_EQ(Text(profile).find("File"), std::string::npos);
}

TEST(TextReport, PutsCallsAfterTheirLine) {
  Profile profile = OneFile({"f()", "g"}, {});
  profile.files.push_back({});
  profile.files[1].name = "lib\n.py";
  profile.functions = {{FileId{0}, "f", "C.f", 7}, {FileId{1}, "g\r", "g", 12}};
  profile.files[0].lines = {
      {1, {}, {{FunctionId{0}, {2, 0, 500'000'000}}, {FunctionId{1}, {1, 250'000'000, 0}}}}};
  EXPECT_EQ(Rows(profile),
            (Lines{
                "     1|         0|            0|            0|  0.00%|f()",
                "(call)|         2|          0.5|         0.25|  5.00%|# a.py:7 f",
                "(call)|         1|         0.25|         0.25|  2.50%|# lib\\n.py:12 g\\r",
                "     2|         0|            0|            0|  0.00%|g",
            }));
}

TEST(TextReport, GivesAFileTheTimeOfItsLinesUnderTheClock) {
  Profile profile =
      OneFile({}, {{1, {1, 1'000'000'000, 3'000'000'000}, {}}, {2, {1, 500'000'000, 0}, {}}});
  EXPECT_TRUE(HasLine(profile, "File duration: 4.5s (45.00%)"));
  profile.clock = Clock::kCpu;
  EXPECT_TRUE(HasLine(profile, "File duration: 1.5s (15.00%)"));
  EXPECT_TRUE(HasLine(profile, "Clock: cpu"));
  EXPECT_EQ(Rows(profile)[0], "     1|         1|            1|            1| 10.00%|");
}

TEST(TextReport, FormatsNumbersAsPrintfDoes) {
  const uint64_t times[] = {
      0,         1,          22411,         373522,        99'999'950,
      1'000'000, 37'352'240, 1'234'567'890, 9'999'995'000, 8'640'000'000'000'000};
  for (uint64_t ns : times) {
    for (uint64_t hits : {uint64_t{0}, uint64_t{3}, uint64_t{12'345'678'901}}) {
      Profile profile = OneFile({}, {{1234567, {hits, ns, 0}, {}}});
      profile.duration_s = 3;
      double seconds = static_cast<double>(ns) / 1e9;
      char expected[160];
      std::snprintf(expected, sizeof(expected), "%6d|%10llu|%13g|%13g|%6.2f%%|", 1234567,
                    static_cast<unsigned long long>(hits), seconds,
                    hits == 0 ? 0.0 : seconds / static_cast<double>(hits), 100 * seconds / 3);
      EXPECT_EQ(Rows(profile).at(0), expected);
    }
  }
}

TEST(TextReport, KeepsEachRecordOnOneLine) {
  std::string nul("a\0b", 3);
  Profile profile = OneFile({"a\fb\x0b"
                             "c\f",
                             nul, "\xe2\x80\xa8"},
                            {{1, {1, 0, 0}, {}}});
  profile.files[0].name = "new\nline\r.py";
  profile.command_line = "a\nb";
  EXPECT_TRUE(HasLine(profile, "File: new\\nline\\r.py"));
  EXPECT_TRUE(HasLine(profile, "Command line: a\\nb"));
  Lines rows = Rows(profile);
  ASSERT_EQ(rows.size(), 3u);
  constexpr size_t kSourceColumn = 54;
  EXPECT_EQ(rows[0].substr(kSourceColumn),
            "a\fb\x0b"
            "c");
  EXPECT_EQ(rows[1].substr(kSourceColumn), nul);
  EXPECT_EQ(rows[2].substr(kSourceColumn), "\xe2\x80\xa8");
}

TEST(TextReport, WritesReportsLargerThanItsBuffer) {
  Profile profile = OneFile(Lines(20'000, "x = 1"), {{20'000, {1, 0, 0}, {}}});
  Lines rows = Rows(profile);
  ASSERT_EQ(rows.size(), 20'000u);
  for (size_t i = 0; i < rows.size(); i++) ASSERT_EQ(std::stoul(rows[i]), i + 1);
}

TEST(TextReport, NamesWhereProcessesRanIfThatIsNotOnePlace) {
  Profile profile;
  profile.processes.resize(2);
  profile.processes[0].label = "node2";
  EXPECT_EQ(Text(profile).find("Ran on"), std::string::npos);
  profile.processes[1].label = "node1 rank 3";
  EXPECT_NE(Text(profile).find("\nRan on: node1 rank 3, node2\n"), std::string::npos);
}

// Counts the lines that begin so.
size_t CountLines(const Profile& profile, const std::string& begin) {
  const Lines lines = SplitLines(Text(profile));
  return static_cast<size_t>(std::count_if(
      lines.begin(), lines.end(), [&](const auto& line) { return line.starts_with(begin); }));
}

TEST(TextReport, ListsTheBusiestProcessesAndThreadsAndAddsUpTheRest) {
  Profile profile;
  for (int i = 0; i < 500; i++) {
    profile.processes.push_back(Described());
    profile.processes.back().pid = i;
    profile.processes.back().samples = i == 400 ? 7 : 2;
    profile.threads.push_back({i, i, "worker", 1, 0.5, 0.5, 0.25, true});
  }
  EXPECT_EQ(CountLines(profile, "Process: "), 20u);
  EXPECT_EQ(CountLines(profile, "Process: 400, parent 100, 4s, 7 samples, "), 1u);
  EXPECT_TRUE(HasLine(profile, "Processes not listed: 480, 1920s, 960 samples"));
  EXPECT_EQ(CountLines(profile, "Thread: "), 10u);
  EXPECT_TRUE(
      HasLine(profile, "Threads not listed: 490, 245s CPU, 245s waiting, 122.5s for the GIL"));
}

TEST(TextReport, ShortensLongCommandsBetweenCharacters) {
  Profile profile;
  profile.processes.push_back(Described());
  profile.processes[0].command_line = std::string(79, 'x') + "\xc3\xa9" + "tail";
  EXPECT_NE(Text(profile).find(": " + std::string(79, 'x') + "...\n"), std::string::npos);
}

TEST(TextReport, LeavesAFailedStreamFailed) {
  Profile profile;
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  FindReportFormat("text")->write(profile, ReportOptions(), out);
  EXPECT_TRUE(out.fail());
  EXPECT_EQ(out.str(), "");
}

}  // namespace
}  // namespace lineprof
