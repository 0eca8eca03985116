#include "base/process_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace lineprof {
namespace {

TEST(ParseStat, TakesANameThatHoldsParenthesesAndBlanks) {
  const auto stat = ParseStat("17 (a) b (c) S 4 17 17 0 -1 0");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->name, "a) b (c");
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->parent, 4);
}

TEST(ParseStat, RefusesWhatIsNone) {
  for (const char* text :
       {"", "17", "17 (a", "17 (a)", "17 (a) S", "17 )a( S 4 ", "17 (a) S x 1"}) {
    EXPECT_FALSE(ParseStat(text)) << text;
  }
}

TEST(StatusNumbers, FindsTheLineByItsWholeName) {
  const char* status = "Name:\tx\nPid:\t7\nNSpid:\t70\t7\t1\nUid:\t0\t1\n";
  EXPECT_EQ(StatusNumbers(status, "NSpid"), (std::vector<int64_t>{70, 7, 1}));
  EXPECT_EQ(StatusNumbers(status, "Uid"), (std::vector<int64_t>{0, 1}));
  EXPECT_TRUE(StatusNumbers(status, "id").empty());
  EXPECT_TRUE(StatusNumbers(status, "Name").empty());
  EXPECT_TRUE(StatusNumbers("", "Pid").empty());
}

TEST(ParseMaps, TakesFilesWithBlanksAndMappingsOfNoFile) {
  const auto maps = ParseMaps(
      "55d0-55e0 r-xp 0000a000 08:01 1234                     /usr/bin/my python (deleted)\n"
      "7f00-7f10 rw-p 00000000 00:00 0 \n"
      "7f10-7f20 ---p 00000000 00:00 0                        [stack]\n");
  ASSERT_EQ(maps.size(), 3u);
  EXPECT_EQ(maps[0].begin, 0x55d0u);
  EXPECT_EQ(maps[0].end, 0x55e0u);
  EXPECT_EQ(maps[0].file_offset, 0xa000u);
  EXPECT_EQ(maps[0].path, "/usr/bin/my python (deleted)");
  EXPECT_TRUE(maps[0].is_readable);
  EXPECT_EQ(maps[1].path, "");
  EXPECT_FALSE(maps[2].is_readable);
}

TEST(ParseMaps, LeavesOutLinesThatAreNoMappings) {
  EXPECT_TRUE(ParseMaps("").empty());
  EXPECT_TRUE(
      ParseMaps("x\n\n55d0-55e0\n55d0-55e0 r-xp zz 1:1 0 /a\n9-1 r-xp 0 1:1 0 /a\n").empty());
}

TEST(ListTasks, HasThisThreadUnderItsOwnId) {
  const std::vector<pid_t> tasks = ListTasks(getpid());
  EXPECT_NE(std::find(tasks.begin(), tasks.end(), gettid()), tasks.end());
  EXPECT_EQ(InnerTaskId(getpid(), gettid()), gettid());
}

TEST(ListTasks, OfNoProcessIsEmpty) {
  EXPECT_TRUE(ListTasks(-1).empty());
  EXPECT_EQ(InnerTaskId(-1, -1), 0);
}

TEST(ListDescendants, OfTheParentHasThisProcess) {
  EXPECT_TRUE(ListDescendants({getppid()}).contains(getpid()));
  EXPECT_FALSE(ListDescendants({getpid()}).contains(getpid()));
}

}  // namespace
}  // namespace lineprof
