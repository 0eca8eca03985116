// What all formats have in common, and what each must escape; whole reports are in
// golden_report_test, their readers in tests/integration.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "lineprof/report.h"
#include "reports/xml_text.h"
#include "support/readable_report.h"

namespace lineprof {
namespace {

std::string Write(std::string_view format, const Profile& profile) {
  std::ostringstream out;
  FindReportFormat(format)->write(profile, ReportOptions(), out);
  return out.str();
}

// One file and function of these names, one line, a wait of 2 s and 1 s on the CPU.
Profile OneLine(const std::string& file, const std::string& function,
                const std::string& source = "x") {
  Profile profile;
  profile.duration_s = 10;
  profile.command_line = "main.py";
  profile.files.resize(1);
  profile.files[0].name = file;
  profile.files[0].source.state = SourceText::State::kRead;
  profile.files[0].source.lines = {source};
  const Cost cost = {3, 1'000'000'000, 2'000'000'000};
  profile.files[0].lines = {{1, cost, {}}};
  profile.functions = {{FileId{0}, function, function, 1}};
  profile.stacks = {{}, {0, FunctionId{0}, 1, kNoFunction, cost}};
  return profile;
}

TEST(Formats, WriteAnEmptyProfile) {
  for (const ReportFormat& format : ReportFormats()) {
    std::ostringstream out;
    format.write(Profile(), ReportOptions(), out);
    EXPECT_TRUE(out.good()) << format.name;
    const bool is_records_only = format.name == "lines" || format.name == "collapsed";
    EXPECT_EQ(out.str().empty(), is_records_only) << format.name;
  }
}

TEST(Formats, LeaveAFailedStreamFailed) {
  for (const ReportFormat& format : ReportFormats()) {
    std::ostringstream out;
    out.setstate(std::ios::badbit);
    format.write(OneLine("a.py", "f"), ReportOptions(), out);
    EXPECT_TRUE(out.fail()) << format.name;
  }
}

TEST(Formats, TakeTheTimeOfTheClock) {
  Profile profile = OneLine("a.py", "f");
  EXPECT_EQ(Write("collapsed", profile), "f (a.py:1) 3000000000\n");
  EXPECT_EQ(Write("lines", profile), "a.py:1:3:3.000000000:30.00%:f:x\n");
  EXPECT_NE(Write("callgrind", profile).find("\n1 3000000000 1000000000 3\n"), std::string::npos);
  EXPECT_NE(Write("speedscope", profile).find("\"endValue\":3000000000"), std::string::npos);
  profile.clock = Clock::kCpu;
  EXPECT_EQ(Write("collapsed", profile), "f (a.py:1) 1000000000\n");
  EXPECT_EQ(Write("lines", profile), "a.py:1:3:1.000000000:10.00%:f:x\n");
  EXPECT_NE(Write("callgrind", profile).find("event: Ns : CPU time (ns)\n"), std::string::npos);
  EXPECT_NE(Write("callgrind", profile).find("\n1 1000000000 1000000000 3\n"), std::string::npos);
  EXPECT_NE(Write("speedscope", profile).find("\"endValue\":1000000000"), std::string::npos);
}

TEST(ChromeReport, MovesOverlappingSamplesApart) {
  Profile profile = OneLine("a.py", "f");
  profile.period_s = 1e-6;
  profile.processes.resize(1);
  profile.processes[0].pid = 7;
  profile.has_timeline = true;
  // The second began before the first ended; the third much later.
  profile.timeline = {{0, 7, {{1500, 1500, 0, 1}, {2000, 0, 1000, 1}, {9000, 500, 0, 1}}}};
  const auto json = nlohmann::json::parse(Write("chrome", profile));
  std::vector<std::string> events;
  for (const auto& event : json["traceEvents"]) {
    if (event["ph"] == "M") continue;
    events.push_back(fmt::format("{} {} {}", event["ph"].get<std::string>(),
                                 event["name"].get<std::string>(), event["ts"].get<double>()));
  }
  EXPECT_EQ(events, (std::vector<std::string>{"B f 0", "B a.py:1 0", "E a.py:1 1.5", "B a.py:1 1.5",
                                              "E a.py:1 2.5", "E f 2.5", "B f 8.5", "B a.py:1 8.5",
                                              "E a.py:1 9", "E f 9"}));
}

TEST(ChromeReport, NumbersProcessesOfTheSameIdOnOtherHosts) {
  Profile profile;
  profile.processes.resize(2);
  profile.processes[0].pid = profile.processes[1].pid = 7;
  profile.processes[1].label = "other";
  EXPECT_NE(Write("chrome", profile).find("\"pid\":2"), std::string::npos);
  profile.processes[1].label = "";
  EXPECT_EQ(Write("chrome", profile).find("\"pid\":2"), std::string::npos);
}

TEST(FirefoxReport, HoldsSamplesInOrder) {
  Profile profile = OneLine("a.py", "f");
  profile.processes.resize(1);
  profile.timeline = {{0, 7, {{2'000'000, 2'000'000, 0, 1}, {1'500'000, 0, 500'000, 1}}}};
  const auto thread = nlohmann::json::parse(Write("firefox", profile))["threads"][0];
  EXPECT_EQ(thread["samples"]["time"], (std::vector<double>{2, 2}));
  EXPECT_EQ(thread["samples"]["weight"], (std::vector<double>{2, 0.5}));
  EXPECT_EQ(thread["samples"]["stack"], (std::vector<int>{0, 1}));
  EXPECT_EQ(thread["frameTable"]["category"], (std::vector<int>{0, 1}));
  EXPECT_EQ(thread["funcTable"]["length"], 1);
}

TEST(LinesReport, KeepsAColonOutOfTheFunction) {
  EXPECT_EQ(Write("lines", OneLine("a\nb.py", "f:g\r", "a: b")),
            "a\\nb.py:1:3:3.000000000:30.00%:f\\x3ag\\r:a: b\n");
}

TEST(CsvReport, QuotesWhatSeparates) {
  const std::string text = Write("csv", OneLine("a,b.py", "f\n", "print(\"x\")"));
  EXPECT_NE(
      text.find("\n\"a,b.py\",1,\"f\n\",line,,,,3,3.000000000,1.000000000,2.000000000,30.0000,"
                "\"print(\"\"x\"\")\"\n"),
      std::string::npos)
      << text;
}

TEST(CollapsedReport, KeepsSeparatorsOutOfNames) {
  EXPECT_EQ(Write("collapsed", OneLine("a;b c.py", "f g;\n")), "f_g:\\n (a:b c.py:1) 3000000000\n");
}

TEST(CallgrindReport, KeepsNamesOnTheirLine) {
  const std::string text = Write("callgrind", OneLine("a\n.py", "f\n1 2"));
  EXPECT_NE(text.find("\nfl=(1) a\\n.py\nfn=(1) a\\n:f\\n1 2\n"), std::string::npos) << text;
}

TEST(JsonFormats, AreJsonWhateverNamesHold) {
  const std::string name = std::string("\"\\\x01\xff\xed\xa0\x80", 7) + '\0' + "\xe2\x80\xa8";
  Profile profile = OneLine(name, name, name);
  profile.processes.resize(1);
  profile.timeline = {{0, 0, {{1, 1, 0, 1}}}};
  for (const char* format : {"json", "speedscope", "chrome", "firefox"}) {
    const std::string text = Write(format, profile);
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    ASSERT_FALSE(json.is_discarded()) << format << ": " << text;
    EXPECT_EQ(text.find('\xff'), std::string::npos);
  }
}

TEST(JsonReport, HoldsTheWholeModel) {
  Profile profile = OneLine("a.py", "f", "text");
  profile.files[0].lines[0].calls = {{FunctionId{0}, {1, 2, 3}}};
  profile.stacks[1].callee = FunctionId{0};
  profile.losses = {{"map full", 3}};
  profile.notes = {"a note"};
  profile.processes.resize(1);
  profile.processes[0].pid = 77;
  const auto json = nlohmann::json::parse(Write("json", profile));
  EXPECT_EQ(json["format"], "lineprof");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["run"]["duration_s"], 10.0);
  EXPECT_EQ(json["losses"][0]["samples"], 3);
  EXPECT_EQ(json["notes"][0], "a note");
  EXPECT_EQ(json["processes"][0]["pid"], 77);
  EXPECT_EQ(json["files"][0]["source"]["lines"][0], "text");
  EXPECT_EQ(json["files"][0]["lines"][0]["self"]["wait_ns"], 2'000'000'000);
  EXPECT_EQ(json["files"][0]["lines"][0]["calls"][0]["inclusive"]["cpu_ns"], 2);
  EXPECT_EQ(json["functions"][0]["inclusive"]["hits"], 3);
  EXPECT_EQ(json["stacks"]["callee"], (std::vector<int>{-1, 0}));
  EXPECT_EQ(json["stacks"]["hits"], (std::vector<int>{0, 3}));
}

TEST(PstatsReport, IsNeverAnEmptyDict) {
  EXPECT_EQ(test::ReadableReport("pstats", Write("pstats", Profile())),
            "{\n(\"~\", 0, \"<nothing>\"): (1, 1, 0, 0, {})}\n");
}

TEST(PstatsReport, WritesCountsBeyond31Bits) {
  for (uint64_t hits :
       {uint64_t{0x7fffffff}, uint64_t{0x80000000}, uint64_t{1} << 45, UINT64_MAX}) {
    Profile profile = OneLine("a.py", "f");
    profile.stacks[1].self.hits = hits;
    const std::string text = test::ReadableReport("pstats", Write("pstats", profile));
    const std::string count = std::to_string(hits);
    EXPECT_NE(text.find("): (" + count + ", " + count + ", 3, 3, {})"), std::string::npos) << text;
  }
}

TEST(LprofReport, WritesCountsBeyond31Bits) {
  for (uint64_t hits : {uint64_t{0x7fffffff}, uint64_t{0x80000000}, uint64_t{0xff00000000}}) {
    Profile profile = OneLine("a.py", "f");
    profile.stacks[1].self.hits = hits;
    const std::string text = test::ReadableReport("lprof", Write("lprof", profile));
    EXPECT_NE(text.find("\n1\n" + std::to_string(hits) + "\n3000000000\ntuple of 3\n"),
              std::string::npos)
        << text;
  }
}

TEST(PprofReport, IsGzipWithoutTimeOrName) {
  const std::string bytes = Write("pprof", OneLine("a.py", "f"));
  ASSERT_GT(bytes.size(), 10u);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x1f\x8b\x08\0\0\0\0\0", 8));
  EXPECT_NE(test::Gunzip(bytes), "malformed");
  EXPECT_EQ(test::Gunzip(bytes.substr(0, bytes.size() - 1)), "malformed");
}

TEST(FlamegraphReport, EscapesNames) {
  const std::string text = Write("flamegraph", OneLine("<a>&\x01.py", "f\"]]>"));
  EXPECT_NE(text.find("<title>f&quot;]]&gt; (&lt;a&gt;&amp;\xef\xbf\xbd.py:1)\n"),
            std::string::npos);
}

TEST(FlamegraphReport, LeavesOutWhatIsTooNarrowToSee) {
  Profile profile = OneLine("a.py", "wide");
  profile.functions.push_back({FileId{0}, "narrow", "narrow", 2});
  profile.stacks.push_back({0, FunctionId{1}, 2, kNoFunction, {1, 1000, 0}});
  const std::string text = Write("flamegraph", profile);
  EXPECT_NE(text.find("wide"), std::string::npos);
  EXPECT_EQ(text.find("narrow"), std::string::npos);
}

TEST(XmlText, HoldsOnlyWhatXmlCan) {
  EXPECT_EQ(XmlText("a<b>&\"\n\t"), "a&lt;b&gt;&amp;&quot;\n\t");
  EXPECT_EQ(XmlText(std::string("\0\x1b", 2)), "\xef\xbf\xbd\xef\xbf\xbd");
  EXPECT_EQ(XmlText("\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd"),
            "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

TEST(XmlText, PrefixCutsNoCharacterInTwo) {
  EXPECT_EQ(Utf8Prefix("a\xc3\xa9z", 2), "a");
  EXPECT_EQ(Utf8Prefix("a\xc3\xa9z", 3), "a\xc3\xa9");
  EXPECT_EQ(Utf8Prefix("abc", 9), "abc");
  EXPECT_EQ(Utf8Prefix("", 0), "");
}

}  // namespace
}  // namespace lineprof
