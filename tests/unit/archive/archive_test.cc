// Archives: written and read back, and every way in which a file can be something else.

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "archive/checksum.h"
#include "archive/fields.h"
#include "archive/reader.h"
#include "archive/writer.h"

namespace lineprof {
namespace {

using Items = std::vector<ArchiveItem>;

constexpr size_t kFileHeader = sizeof(kArchiveMagic) + sizeof(kArchiveVersion);

ArchivedRun SomeRun() {
  ArchivedRun run;
  run.lineprof_version = "0.1.0";
  run.host = "node1";
  run.rank = "3";
  run.command = {"script.py", "", "a b\n\xff"};
  run.current_directory = "/jobs";
  run.period_ns = 1'000'000;
  run.clock = Clock::kCpu;
  run.main_thread_only = true;
  run.start_realtime_ns = 1'700'000'000'123'456'789;
  run.duration_ns = 2'500'000'000;
  run.ended_by_signal = true;
  run.end_value = 9;
  return run;
}

std::string SomeFile() {
  ArchiveWriter writer;
  writer.Add(SomeRun());
  writer.Add(PackRecording(std::string(100'000, '\0') + "recording"));
  SourceText text{SourceText::State::kRead, {"import os", "", "x = 1"}, "changed"};
  writer.Add(ArchivedSource{"/jobs/script.py", text});
  writer.Add(ArchivedSource{"/gone.py", {SourceText::State::kMissing, {}, "no source: gone"}});
  writer.Add(ArchivedRun());
  return writer.Finish();
}

Result<Items> ReadAll(const std::string& file) {
  Result<ArchiveReader> reader = ArchiveReader::Open(file, "x.lineprof");
  if (!reader.ok()) return Error{reader.error()};
  Items items;
  while (true) {
    Result<std::optional<ArchiveItem>> item = reader.value().Next();
    if (!item.ok()) return Error{item.error()};
    if (!item.value()) return items;
    items.push_back(*std::move(item).value());
  }
}

// One line that names the file.
void ExpectRefused(const std::string& file, const std::string& reason) {
  const Result<Items> items = ReadAll(file);
  ASSERT_FALSE(items.ok()) << reason;
  EXPECT_TRUE(items.error().starts_with("x.lineprof: ")) << items.error();
  EXPECT_NE(items.error().find(reason), std::string::npos) << items.error();
  EXPECT_EQ(items.error().find('\n'), std::string::npos) << items.error();
}

TEST(Archive, GivesBackWhatWasAdded) {
  const Result<Items> read = ReadAll(SomeFile());
  ASSERT_TRUE(read.ok()) << read.error();
  const Items& items = read.value();
  ASSERT_EQ(items.size(), 5U);
  const auto& run = std::get<ArchivedRun>(items[0]);
  const ArchivedRun expected = SomeRun();
  EXPECT_EQ(run.lineprof_version, expected.lineprof_version);
  EXPECT_EQ(run.host, expected.host);
  EXPECT_EQ(run.rank, expected.rank);
  EXPECT_EQ(run.command, expected.command);
  EXPECT_EQ(run.current_directory, expected.current_directory);
  EXPECT_EQ(run.period_ns, expected.period_ns);
  EXPECT_EQ(run.clock, expected.clock);
  EXPECT_EQ(run.main_thread_only, expected.main_thread_only);
  EXPECT_EQ(run.start_realtime_ns, expected.start_realtime_ns);
  EXPECT_EQ(run.duration_ns, expected.duration_ns);
  EXPECT_EQ(run.ended_by_signal, expected.ended_by_signal);
  EXPECT_EQ(run.end_value, expected.end_value);
  EXPECT_EQ(std::get<ArchivedRecording>(items[1]).bytes, std::string(100'000, '\0') + "recording");
  const auto& source = std::get<ArchivedSource>(items[2]);
  EXPECT_EQ(source.path, "/jobs/script.py");
  EXPECT_EQ(source.text.state, SourceText::State::kRead);
  EXPECT_EQ(source.text.lines, (std::vector<std::string>{"import os", "", "x = 1"}));
  EXPECT_EQ(source.text.note, "changed");
  const auto& missing = std::get<ArchivedSource>(items[3]);
  EXPECT_EQ(missing.text.state, SourceText::State::kMissing);
  EXPECT_EQ(missing.text.note, "no source: gone");
  EXPECT_TRUE(std::get<ArchivedRun>(items[4]).command.empty());
}

TEST(Archive, IsSmallAndDeterministic) {
  EXPECT_EQ(SomeFile(), SomeFile());
  EXPECT_LT(SomeFile().size(), 1000U);
}

// The source chunk that FORMAT.md takes apart by hand.
TEST(Archive, ReadsTheExampleOfItsDocument) {
  const unsigned char example[] = {
      0x03, 0x00, 0x00, 0x00, 0xe8, 0x02, 0xe4, 0x90, 0x39, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x00, 0x33, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x33,
      0x85, 0x01, 0x00, 0x74, 0x02, 0x01, 0x00, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, 0x2f, 0x61,
      0x2e, 0x70, 0x79, 0x02, 0x00, 0x00, 0x00, 0x08, 0x00, 0x00, 0x00, 0x01, 0x00, 0x03, 0x00,
      0x04, 0x00, 0x00, 0x00, 0x06, 0x00, 0x00, 0x00, 0x78, 0x20, 0x3d, 0x20, 0x31, 0x0a, 0x02,
      0x00, 0x60, 0xe0, 0x03, 0x68, 0x02, 0x04, 0x00, 0x00, 0x00, 0x01, 0x84, 0xf3, 0xdf, 0x09,
      0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
      0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x00, 0x01, 0x00, 0x00};
  ArchiveWriter writer;
  writer.Add(SomeRun());
  const std::string with_end = writer.Finish();
  const size_t end_size = ArchiveWriter().Finish().size() - kFileHeader;
  const std::string file = with_end.substr(0, with_end.size() - end_size) +
                           std::string(reinterpret_cast<const char*>(example), sizeof(example));
  const Result<Items> items = ReadAll(file);
  ASSERT_TRUE(items.ok()) << items.error();
  ASSERT_EQ(items.value().size(), 2U);
  const auto& source = std::get<ArchivedSource>(items.value()[1]);
  EXPECT_EQ(source.path, "/a.py");
  EXPECT_EQ(source.text.state, SourceText::State::kRead);
  EXPECT_EQ(source.text.lines, std::vector<std::string>{"x = 1"});
  EXPECT_EQ(source.text.note, "");
}

TEST(Archive, RefusesAFileCutOffAnywhere) {
  const std::string file = SomeFile();
  ExpectRefused("", "empty");
  for (size_t size = 1; size < file.size(); size++) {
    ExpectRefused(file.substr(0, size), "truncated");
  }
}

TEST(Archive, RefusesAFileWithAnyBitFlipped) {
  const std::string file = SomeFile();
  for (size_t bit = 0; bit < file.size() * 8; bit++) {
    std::string flipped = file;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(ReadAll(flipped).ok()) << "bit " << bit;
  }
}

TEST(Archive, RefusesWhatIsNoArchive) {
  ExpectRefused("Command line: script.py\n", "not a lineprof file");
  ExpectRefused(std::string(1000, '\0'), "not a lineprof file");
  ExpectRefused(SomeFile() + "x", "bytes after its end");
}

TEST(Archive, RefusesANewerVersion) {
  std::string file = SomeFile();
  file[sizeof(kArchiveMagic)] = 2;
  ExpectRefused(file, "made by a newer lineprof: version 2");
  file[sizeof(kArchiveMagic)] = 0;
  ExpectRefused(file, "version 0");
}

// `SomeFile` up to its first chunk, and then a chunk of our own with a right checksum.
std::string FileOf(ChunkHeader header, const std::string& stored) {
  header.stored_size = stored.size();
  header.checksum = ChunkChecksum(header, stored);
  std::string file = SomeFile().substr(0, kFileHeader);
  file.append(reinterpret_cast<const char*>(&header), sizeof(header));
  return file + stored;
}

// The compressed bytes of the empty chunk that ends a file.
std::string EmptyFrame() {
  const std::string file = ArchiveWriter().Finish();
  return file.substr(kFileHeader + sizeof(ChunkHeader));
}

TEST(Archive, BelievesNoChunkEvenIfItsChecksumIsRight) {
  const auto type = [](ChunkType of) { return static_cast<uint32_t>(of); };
  ExpectRefused(FileOf({type(ChunkType::kRun), 0, 0, 0}, "no zstd"), "cannot be decompressed");
  ExpectRefused(FileOf({type(ChunkType::kRun), 0, 0, 1}, EmptyFrame()), "cannot be decompressed");
  ExpectRefused(FileOf({type(ChunkType::kRun), 0, 0, UINT64_MAX}, EmptyFrame()),
                "cannot be decompressed");
  ExpectRefused(FileOf({type(ChunkType::kRun), 0, 0, 0}, EmptyFrame() + "x"),
                "cannot be decompressed");
  ExpectRefused(FileOf({type(ChunkType::kRun), 0, 0, 0}, ""), "cannot be decompressed");
  ExpectRefused(FileOf({77, 0, 0, 0}, EmptyFrame()), "does not begin with a run");
  ExpectRefused(ArchiveWriter().Finish(), "does not begin with a run");
}

TEST(Fields, AreReadInOrderAndUnknownOnesPassedOver) {
  FieldWriter writer;
  writer.Text(RunField::kHost, "node");
  writer.Number(RunField::kPeriodNs, 42);
  FieldReader reader(writer.bytes());
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.tag(), static_cast<uint32_t>(RunField::kHost));
  EXPECT_EQ(reader.text(), "node");
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.Number(), 42U);
  EXPECT_FALSE(reader.Next());
  EXPECT_TRUE(reader.ok());
}

TEST(Fields, ThatAreCutOffAreNoFields) {
  FieldWriter writer;
  writer.Text(RunField::kHost, "node");
  for (size_t size = 1; size < writer.bytes().size(); size++) {
    FieldReader reader(std::string_view(writer.bytes()).substr(0, size));
    EXPECT_FALSE(reader.Next()) << size;
    EXPECT_FALSE(reader.ok()) << size;
  }
}

TEST(Fields, AreNumbersOnlyInEightBytes) {
  FieldWriter writer;
  writer.Text(RunField::kPeriodNs, "seven b");
  FieldReader reader(writer.bytes());
  ASSERT_TRUE(reader.Next());
  EXPECT_EQ(reader.Number(), 0U);
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace lineprof
