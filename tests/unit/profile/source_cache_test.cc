#include "profile/source_cache.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace lineprof {
namespace {

constexpr time_t kRunStart = 1'700'000'000;
constexpr uint64_t kRunStartNs = uint64_t{kRunStart} * 1'000'000'000;

class SourceCacheTest : public testing::Test {
 protected:
  SourceCacheTest() {
    std::string pattern = testing::TempDir() + "lineprof_sources_XXXXXX";
    directory_ = mkdtemp(pattern.data());
  }
  ~SourceCacheTest() override { std::filesystem::remove_all(directory_); }

  std::string PathOf(const std::string& name) const { return directory_ + '/' + name; }

  // Writes the file and sets its time of modification, in seconds after the run began.
  std::string Write(const std::string& name, const std::string& bytes, int seconds) const {
    std::string path = PathOf(name);
    std::ofstream(path, std::ios::binary) << bytes;
    timespec time = {kRunStart + seconds, 0};
    timespec times[2] = {time, time};
    EXPECT_EQ(utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
    return path;
  }

  std::string directory_;
  SourceCache cache_{kRunStartNs};
};

TEST_F(SourceCacheTest, TakesAFileThatWasNeverLoaded) {
  SourceText text = cache_.Take(Write("a.py", "one\ntwo\n", -10));
  EXPECT_EQ(text.state, SourceText::State::kRead);
  EXPECT_EQ(text.lines, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(text.note, "");
}

TEST_F(SourceCacheTest, KeepsTheFirstTextAndNotesAChange) {
  std::string path = Write("a.py", "old\n", -10);
  cache_.Load(path);
  Write("a.py", "new text\n", 5);
  cache_.Load(path);
  SourceText text = cache_.Take(path);
  EXPECT_EQ(text.lines, (std::vector<std::string>{"old"}));
  EXPECT_EQ(text.note, "changed after it was read: this is the text from before");
}

TEST_F(SourceCacheTest, NotesAChangeOfTimeAlone) {
  std::string path = Write("a.py", "old\n", -10);
  cache_.Load(path);
  Write("a.py", "new\n", -5);
  EXPECT_EQ(cache_.Take(path).note, "changed after it was read: this is the text from before");
}

TEST_F(SourceCacheTest, NotesAFileModifiedAfterTheRunBegan) {
  EXPECT_EQ(cache_.Take(Write("a.py", "x\n", 1)).note,
            "modified after the run began: this may not be the text that ran");
  EXPECT_EQ(cache_.Take(Write("b.py", "x\n", 0)).note, "");
}

TEST_F(SourceCacheTest, JoinsItsNotes) {
  EXPECT_EQ(cache_.Take(Write("a.py", "# coding: klingon\n", 1)).note,
            "unknown encoding 'klingon': read as UTF-8; "
            "modified after the run began: this may not be the text that ran");
}

TEST_F(SourceCacheTest, KeepsTheTextOfAFileThatIsGone) {
  std::string path = Write("a.py", "old\n", -10);
  cache_.Load(path);
  std::filesystem::remove(path);
  SourceText text = cache_.Take(path);
  EXPECT_EQ(text.lines, (std::vector<std::string>{"old"}));
  EXPECT_EQ(text.note, "removed after it was read");
}

TEST_F(SourceCacheTest, TriesAgainWhatWasMissing) {
  std::string path = PathOf("late.py");
  cache_.Load(path);
  Write("late.py", "here\n", -1);
  EXPECT_EQ(cache_.Take(path).lines, (std::vector<std::string>{"here"}));
}

TEST_F(SourceCacheTest, GivesAMissingFileANote) {
  SourceText text = cache_.Take(PathOf("none.py"));
  EXPECT_EQ(text.state, SourceText::State::kMissing);
  EXPECT_TRUE(text.lines.empty());
  EXPECT_EQ(text.note, "no source: No such file or directory");
}

TEST_F(SourceCacheTest, ReadsRegularFilesOnly) {
  std::string fifo = PathOf("fifo.py");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {fifo, directory_, std::string("/dev/zero")}) {
    SourceText text = cache_.Take(path);
    EXPECT_EQ(text.state, SourceText::State::kMissing) << path;
    EXPECT_EQ(text.note, "no source: not a regular file") << path;
  }
}

TEST_F(SourceCacheTest, FollowsASymbolicLink) {
  std::string path = Write("a.py", "x\n", -1);
  std::filesystem::create_symlink(path, PathOf("link.py"));
  EXPECT_EQ(cache_.Take(PathOf("link.py")).lines, (std::vector<std::string>{"x"}));
}

TEST_F(SourceCacheTest, RefusesAFileOverTheLimit) {
  std::string path = Write("big.py", "", -1);
  std::filesystem::resize_file(path, SourceCache::kMaxBytes + 1);  // sparse
  SourceText text = cache_.Take(path);
  EXPECT_EQ(text.state, SourceText::State::kMissing);
  EXPECT_EQ(text.note, "no source: 67108865 bytes, more than the 67108864 that are read");
}

TEST_F(SourceCacheTest, ReadsAFileThatTellsNoSize) {
  SourceText text = cache_.Take("/proc/self/status");
  ASSERT_EQ(text.state, SourceText::State::kRead) << text.note;
  EXPECT_EQ(text.lines.at(0).substr(0, 5), "Name:");
}

TEST(SourceCache, WithoutFilesHasOnlyWhatItWasGiven) {
  const std::string here = std::filesystem::canonical("/proc/self/exe");
  SourceCache cache;
  cache.Add("/gone.py", {SourceText::State::kRead, {"x = 1"}, "note"});
  cache.Add("/gone.py", {SourceText::State::kRead, {"other"}, ""});
  EXPECT_EQ(cache.Take("/gone.py").lines, std::vector<std::string>{"x = 1"});
  EXPECT_EQ(cache.Take("/gone.py").note, "note");
  cache.Load(here);
  EXPECT_EQ(cache.Take(here).state, SourceText::State::kMissing);
  EXPECT_EQ(cache.Take(here).note, "no source: it was not kept");
}

}  // namespace
}  // namespace lineprof
