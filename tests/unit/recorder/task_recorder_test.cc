// Asyncio tasks as code records.
#include "recorder/task_recorder.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "recording/reader.h"
#include "recording/recording.h"
#include "recording/recording_file.h"
#include "support/temporary_directory.h"

namespace lineprof {
namespace {

TaskName Name(std::string_view bytes, uint8_t width = 1) {
  TaskName name;
  std::memcpy(name.bytes, bytes.data(), bytes.size());
  name.size = static_cast<uint32_t>(bytes.size());
  name.width = width;
  return name;
}

class TaskRecorderTest : public testing::Test {
 protected:
  TaskRecorderTest() {
    RecordingFacts facts;
    facts.line_table_format = static_cast<uint32_t>(LineTableFormat::kLocations);
    EXPECT_EQ(CreateRecordingFile(directory_.path(), facts, &file_), nullptr);
  }
  ~TaskRecorderTest() override { CloseRecordingFile(&file_); }

  uint32_t Record(const TaskName& name) { return RecordTask(file_.map, name, &made_); }
  // The codes as they are read back.
  std::vector<RecordedCode> Codes() { return ReadRecording(file_.path).value().codes; }

  TemporaryDirectory directory_;
  RecordingFile file_;
  uint32_t made_ = 0;
};

TEST_F(TaskRecorderTest, HasItsNameAndAFileOfItsOwn) {
  ASSERT_NE(Record(Name("worker-1")), 0u);
  const std::vector<RecordedCode> codes = Codes();
  ASSERT_EQ(codes.size(), 1u);
  EXPECT_EQ(codes[0].filename, "<task: worker-1>");
  EXPECT_EQ(codes[0].name, "task: worker-1");
  EXPECT_EQ(codes[0].line_table, "");
}

TEST_F(TaskRecorderTest, NamesMayBeOfWideCharacters) {
  ASSERT_NE(Record(Name(std::string_view("\xac\x20", 2), 2)), 0u);  // U+20AC
  EXPECT_EQ(Codes().at(0).name, "task: \xe2\x82\xac");
  EXPECT_EQ(Codes().at(0).filename, "<task: \xe2\x82\xac>");
}

TEST_F(TaskRecorderTest, ANameIsOneRecord) {
  const uint32_t record = Record(Name("a"));
  EXPECT_NE(Record(Name("b")), record);
  EXPECT_EQ(Record(Name("a")), record);
  EXPECT_EQ(made_, 2u);
}

TEST_F(TaskRecorderTest, TooManyNamesAreOneRecordAndKnownOnesStay) {
  made_ = kMaxTaskNames - 1;
  const uint32_t last = Record(Name("last"));
  const uint32_t others = Record(Name("one more"));
  EXPECT_EQ(Record(Name("and one more")), others);
  EXPECT_EQ(Record(Name("last")), last);
  EXPECT_EQ(made_, kMaxTaskNames);
  const std::vector<RecordedCode> codes = Codes();
  ASSERT_EQ(codes.size(), 2u);
  const bool is_first = codes[0].name == "task: (others)";
  EXPECT_EQ(codes[is_first ? 0 : 1].name, "task: (others)");
}

TEST_F(TaskRecorderTest, WithoutRoomThereIsNone) {
  RecordingHeader& header = file_.map.header();
  header.arena_top = header.capacity;
  EXPECT_EQ(Record(Name("a")), 0u);
}

}  // namespace
}  // namespace lineprof
