// From recordings to rows: snapshots, their differences, the order and the filter of a table.
#include "top/table.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include "support/profile_view.h"
#include "support/recording_builder.h"

namespace lineprof {
namespace {

using test::RecordingBuilder;

constexpr uint64_t kSecond = 1'000'000'000;

// A program of main, which calls hot and cold; each test adds samples between looks.
RecordedThread Alive(int64_t tid, uint64_t wall_ns, uint64_t cpu_ns) {
  RecordedThread thread;
  thread.tid = tid;
  thread.cpu_ns = cpu_ns;
  thread.wait_ns = wall_ns - cpu_ns;
  return thread;
}

class TableTest : public testing::Test {
 protected:
  TableTest() {
    main_ = builder_.AddCode("/jobs/main.py", "main", 1, 9);
    hot_ = builder_.AddCode("/jobs/main.py", "hot", 11, 19, "Work.hot");
    cold_ = builder_.AddCode("/lib/cold.py", "cold", 1, 9);
    builder_.recording().ended = false;
  }

  CostSnapshot Take(uint64_t seconds) {
    const std::vector<Recording> recordings = {builder_.recording()};
    return TakeCostSnapshot(test::Build(recordings), recordings, seconds * kSecond, places_);
  }

  // 600 ms of hot on CPU and 100 ms of main waiting in the first second, then 200 ms of cold and
  // 300 ms of hot waiting in the next two.
  void RunThreeSeconds() {
    looks_.start.time_ns = 0;
    builder_.AddSamples({{main_, 2}, {hot_, 12}}, 600);
    builder_.AddSamples({{main_, 5}}, 0, 100);
    looks_.previous = Take(1);
    builder_.AddSamples({{main_, 3}, {cold_, 4}}, 200);
    builder_.AddSamples({{main_, 2}, {hot_, 12}}, 0, 300);
    looks_.now = Take(3);
  }

  std::vector<TableRow> Rows(Subject subject, Span span = Span::kInterval, size_t column = 0) {
    return MakeRows(subject, span, {column, filter_}, looks_, places_, threads_, processes_);
  }

  static std::vector<std::string> FirstTexts(const std::vector<TableRow>& rows) {
    std::vector<std::string> texts;
    for (const TableRow& row : rows) texts.push_back(row.texts[0]);
    return texts;
  }

  static TableRow Find(const std::vector<TableRow>& rows, const std::string& text) {
    for (const TableRow& row : rows) {
      if (row.texts[0] == text) return row;
    }
    ADD_FAILURE() << "no row " << text;
    return {{0, 0, 0, 0, 0, 0}, {}, 0};
  }

  using Numbers = std::vector<double>;
  RecordingBuilder builder_;
  uint32_t main_, hot_, cold_;
  Places places_;
  Looks looks_;
  const Expressions* filter_ = nullptr;
  LiveThreads threads_;
  LiveProcesses processes_;
};

TEST_F(TableTest, PercentagesAreOfTheIntervalAndSecondsSinceTheStart) {
  RunThreeSeconds();
  const std::vector<TableRow> rows = Rows(Subject::kLines);
  // self CPU%, self WAIT%, total CPU%, total WAIT%, self CPU s, self WAIT s
  EXPECT_EQ(Find(rows, "main.py:12").numbers, (Numbers{0, 15, 0, 15, 0.6, 0.3}));
  EXPECT_EQ(Find(rows, "/lib/cold.py:4").numbers, (Numbers{10, 0, 10, 0, 0.2, 0}));
  EXPECT_EQ(Find(rows, "main.py:2").numbers, (Numbers{0, 0, 0, 15, 0, 0}));
  EXPECT_EQ(Find(rows, "main.py:5").numbers, (Numbers{0, 0, 0, 0, 0, 0.1}));
  EXPECT_EQ(rows.size(), 5U);
}

TEST_F(TableTest, AverageIsOfTheTimeSinceTheStart) {
  RunThreeSeconds();
  const TableRow row = Find(Rows(Subject::kLines, Span::kStart), "main.py:12");
  EXPECT_EQ(row.numbers, (Numbers{20, 10, 20, 10, 0.6, 0.3}));
  EXPECT_EQ(row.texts[1], "Work.hot");
}

TEST_F(TableTest, ResetCountsFromThere) {
  RunThreeSeconds();
  looks_.start = looks_.previous;
  const std::vector<TableRow> rows = Rows(Subject::kLines);
  EXPECT_EQ(Find(rows, "main.py:12").numbers, (Numbers{0, 15, 0, 15, 0, 0.3}));
  // What had nothing since then is no row.
  EXPECT_EQ(rows.size(), 4U);
}

TEST_F(TableTest, FunctionsHaveTheirLinesTogether) {
  RunThreeSeconds();
  const std::vector<TableRow> rows = Rows(Subject::kFunctions, Span::kStart);
  EXPECT_EQ(rows.size(), 3U);
  EXPECT_EQ(Find(rows, "main").numbers[1], 100.0 / 30);
  EXPECT_NEAR(Find(rows, "main").numbers[2], 80.0 / 3, 1e-9);
  EXPECT_EQ(Find(rows, "Work.hot").texts[1], "main.py:11");
}

TEST_F(TableTest, LineOfTwoFunctionsIsOneRow) {
  const uint32_t inner = builder_.AddCode("/jobs/main.py", "<genexpr>", 12, 12, "hot.<genexpr>");
  builder_.AddSamples({{main_, 2}, {hot_, 12}}, 100);
  builder_.AddSamples({{main_, 2}, {hot_, 12}, {inner, 12}}, 300);
  looks_.now = Take(1);
  const TableRow row = Find(Rows(Subject::kLines), "main.py:12");
  EXPECT_EQ(row.numbers, (Numbers{40, 0, 40, 0, 0.4, 0}));
  EXPECT_EQ(row.texts[1], "hot.<genexpr>");
  EXPECT_EQ(Rows(Subject::kLines).size(), 2U);
}

TEST_F(TableTest, RecursionCountsOnce) {
  builder_.AddSamples({{main_, 2}, {hot_, 12}, {main_, 2}, {hot_, 13}}, 500);
  looks_.now = Take(1);
  const std::vector<TableRow> rows = Rows(Subject::kFunctions);
  EXPECT_EQ(Find(rows, "main").numbers[2], 50);
  EXPECT_EQ(Find(rows, "Work.hot").numbers[2], 50);
}

TEST_F(TableTest, LargestIsFirstInAnyColumn) {
  RunThreeSeconds();
  EXPECT_EQ(FirstTexts(Rows(Subject::kLines)).front(), "/lib/cold.py:4");
  EXPECT_EQ(FirstTexts(Rows(Subject::kLines, Span::kInterval, 1)).front(), "main.py:12");
  EXPECT_EQ(FirstTexts(Rows(Subject::kLines, Span::kInterval, 4)).front(), "main.py:12");
  EXPECT_EQ(FirstTexts(Rows(Subject::kLines, Span::kInterval, 2)).front(), "/lib/cold.py:4");
}

TEST_F(TableTest, FilterLooksAtPlacesAndNames) {
  RunThreeSeconds();
  const Result<Expressions> filter = CompileExpressions("filter", {"Work|cold"});
  ASSERT_TRUE(filter.ok());
  filter_ = &filter.value();
  EXPECT_EQ(FirstTexts(Rows(Subject::kLines)),
            (std::vector<std::string>{"/lib/cold.py:4", "main.py:12"}));
  EXPECT_EQ(Rows(Subject::kFunctions).size(), 2U);
}

TEST_F(TableTest, NewPlacesKeepTheNumbersOfOldOnes) {
  builder_.AddSamples({{main_, 2}, {hot_, 12}}, 10);
  looks_.previous = Take(1);
  const std::vector<Place> before = places_.lines();
  // Another order of files and functions in the profile.
  const uint32_t first = builder_.AddCode("/jobs/aaa.py", "aaa", 1, 9);
  builder_.AddSamples({{first, 2}}, 5000);
  looks_.now = Take(2);
  for (size_t i = 0; i < before.size(); i++) {
    EXPECT_EQ(places_.lines()[i].line, before[i].line);
    EXPECT_EQ(places_.lines()[i].file, before[i].file);
  }
  EXPECT_EQ(Find(Rows(Subject::kLines), "main.py:12").numbers[0], 0);
}

TEST_F(TableTest, ExcludedFilesHaveNoRowsButTheirTimeIsBelowTheirCaller) {
  builder_.AddSamples({{main_, 3}, {cold_, 4}}, 500);
  const std::vector<Recording> recordings = {builder_.recording()};
  Result<Filter> files = Filter::Create({}, {"cold"});
  ASSERT_TRUE(files.ok());
  const Profile profile = test::Build(recordings, BuildOptions(), std::move(files).value());
  looks_.now = TakeCostSnapshot(profile, recordings, kSecond, places_);
  EXPECT_EQ(FirstTexts(Rows(Subject::kLines)), std::vector<std::string>{"main.py:3"});
  EXPECT_EQ(Rows(Subject::kLines)[0].numbers[2], 50);
}

TEST_F(TableTest, ThreadsAreThoseAlive) {
  builder_.recording().thread_list = {Alive(101, kSecond / 2, kSecond / 4)};
  looks_.previous = Take(1);
  builder_.recording().thread_list = {Alive(101, kSecond * 3 / 2, kSecond / 2),
                                      Alive(102, kSecond, 0)};
  builder_.recording().thread_list[1].name = "Feeder";
  looks_.now = Take(2);
  threads_[{100, 101}] = {"running", "Worker"};
  const std::vector<TableRow> rows = Rows(Subject::kThreads);
  ASSERT_EQ(rows.size(), 2U);
  // CPU%, WAIT%, CPU s, WAIT s, TID, PID
  EXPECT_EQ(rows[0].numbers, (Numbers{25, 75, 0.5, 1, 101, 100}));
  EXPECT_EQ(rows[0].texts, (std::vector<std::string>{"running", "Worker"}));
  EXPECT_EQ(rows[1].numbers, (Numbers{0, 100, 0, 1, 102, 100}));
  EXPECT_EQ(rows[1].texts, (std::vector<std::string>{"", "Feeder"}));
}

TEST_F(TableTest, ProcessesAreAllThatWereRecorded) {
  RunThreeSeconds();
  processes_[100] = {"sleeping", "python3"};
  const std::vector<TableRow> rows = Rows(Subject::kProcesses);
  ASSERT_EQ(rows.size(), 1U);
  // CPU%, WAIT%, CPU s, THREADS, SAMPLES, PID
  EXPECT_EQ(rows[0].numbers, (Numbers{10, 15, 0.8, 0, 1200, 100}));
  EXPECT_EQ(rows[0].texts[0], "sleeping");
  processes_.clear();
  EXPECT_EQ(Rows(Subject::kProcesses)[0].texts[0], "ended");
}

TEST_F(TableTest, ProcessThatExecutesAnotherProgramEndsAndGoesOnAsThat) {
  Recording first = builder_.recording();
  Recording second = first;
  first.thread_list = second.thread_list = {Alive(100, kSecond, 0)};
  second.start_monotonic_ns = first.start_monotonic_ns + kSecond;
  const std::vector<Recording> recordings = {second, first};
  looks_.now = TakeCostSnapshot(test::Build(recordings), recordings, 2 * kSecond, places_);
  ASSERT_EQ(looks_.now.processes.size(), 2U);
  EXPECT_TRUE(looks_.now.processes[0].ended);
  EXPECT_FALSE(looks_.now.processes[1].ended);
  EXPECT_EQ(looks_.now.threads.size(), 1U);
}

TEST_F(TableTest, OverviewAddsProcessesUp) {
  RunThreeSeconds();
  looks_.now.processes[0].live_threads = 2;
  looks_.now.processes[0].lost = 40;
  looks_.now.processes[0].gil_wait_ns = kSecond / 2;
  processes_[100] = {"running", "python3"};
  const Overview overview = MakeOverview(Span::kInterval, looks_, processes_);
  EXPECT_EQ(overview.span_s, 2);
  EXPECT_EQ(overview.cpu_percent, 10);
  EXPECT_EQ(overview.wait_percent, 15);
  EXPECT_EQ(overview.gil_percent, 25);
  EXPECT_EQ(overview.samples_per_s, 250);
  EXPECT_EQ(overview.lost_per_s, 20);
  EXPECT_EQ(overview.live_processes, 1U);
  EXPECT_EQ(overview.live_threads, 2U);
}

TEST_F(TableTest, NoTimeIsNoPercentage) {
  builder_.AddSamples({{main_, 2}}, 100);
  looks_.now = Take(0);
  EXPECT_EQ(Rows(Subject::kLines)[0].numbers[0], 0);
  EXPECT_EQ(MakeOverview(Span::kInterval, looks_, processes_).samples_per_s, 0);
}

TEST_F(TableTest, RefusedRecordingIsANote) {
  builder_.recording().refusal = "no such Python";
  looks_.now = Take(1);
  EXPECT_TRUE(looks_.now.processes.empty());
  EXPECT_EQ(looks_.now.notes, std::vector<std::string>{"no such Python"});
}

}  // namespace
}  // namespace lineprof
