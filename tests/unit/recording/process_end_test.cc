// The end of a child, written into its recording by its parent.
#include "recording/process_end.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "base/file.h"
#include "recording/reader.h"
#include "recording/recording.h"
#include "recording/recording_file.h"
#include "support/temporary_directory.h"

namespace lineprof {
namespace {

constexpr pid_t kChild = 4711;

class ProcessEndTest : public testing::Test {
 protected:
  // Gives the new recording's path.
  std::string Record(pid_t parent) {
    RecordingFacts facts;
    facts.line_table_format = static_cast<uint32_t>(LineTableFormat::kLocations);
    facts.pid = kChild;
    facts.parent_pid = parent;
    RecordingFile file;
    EXPECT_EQ(CreateRecordingFile(directory_.path(), facts, &file), nullptr);
    CloseRecordingFile(&file);
    return file.path;
  }
  void SetEnd(EndKind kind, uint32_t value) {
    SetEndOfChild(directory_.path().c_str(), kChild, kind, value);
  }
  static Recording Read(const std::string& path) {
    Result<Recording> recording = ReadRecording(path);
    EXPECT_TRUE(recording.ok());
    return recording.ok() ? std::move(recording).value() : Recording{};
  }

  TemporaryDirectory directory_;
};

TEST_F(ProcessEndTest, IsInTheChildsRecording) {
  const std::string path = Record(getpid());
  SetEnd(EndKind::kSignal, 9);
  const Recording recording = Read(path);
  EXPECT_EQ(recording.end_kind, EndKind::kSignal);
  EXPECT_EQ(recording.end_value, 9u);
  EXPECT_EQ(recording.pid, kChild);
}

TEST_F(ProcessEndTest, WhatTheKernelSaysIsTruerThanWhatTheProcessSaidBefore) {
  const std::string path = Record(getpid());
  SetEnd(EndKind::kExit, 3);
  SetEnd(EndKind::kSignal, 11);
  EXPECT_EQ(Read(path).end_kind, EndKind::kSignal);
}

TEST_F(ProcessEndTest, OfSeveralRecordingsTheLastHasIt) {
  const std::string first = Record(getpid());
  const std::string last = Record(getpid());
  SetEnd(EndKind::kExit, 3);
  EXPECT_EQ(Read(first).end_kind, EndKind::kUnknown);
  EXPECT_EQ(Read(last).end_kind, EndKind::kExit);
}

TEST_F(ProcessEndTest, AnothersChildIsLeftAlone) {
  const std::string path = Record(getpid() + 1);
  SetEnd(EndKind::kSignal, 9);
  EXPECT_EQ(Read(path).end_kind, EndKind::kUnknown);
}

TEST_F(ProcessEndTest, ChildrenWithoutRecordingAreNothingAndErrnoStays) {
  errno = EDOM;
  SetEnd(EndKind::kSignal, 9);
  SetEndOfChild("/no/such/directory", kChild, EndKind::kSignal, 9);
  EXPECT_EQ(errno, EDOM);
}

TEST_F(ProcessEndTest, WhatIsNoRecordingIsLeftAsItIs) {
  const std::string text(2 * sizeof(RecordingHeader), 'x');
  const std::string path = directory_.Write("4711-0.recording", text);
  SetEnd(EndKind::kSignal, 9);
  EXPECT_EQ(ReadFile(path, text.size()).value(), text);
}

}  // namespace
}  // namespace lineprof
