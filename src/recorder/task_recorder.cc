#include "recorder/task_recorder.h"

#include <cstring>
#include <string_view>

namespace lineprof {
namespace {

constexpr std::string_view kOthers = "(others)";

// Writes text behind one another, each code point `width` bytes wide.
class TextWriter {
 public:
  TextWriter(std::byte* at, uint8_t width) : at_(at), width_(width) {}

  // The arena is zeroed, so the upper bytes of wider code points are there.
  void AddAscii(std::string_view text) {
    for (const char c : text) {
      *at_ = static_cast<std::byte>(c);
      at_ += width_;
    }
  }
  void Add(const TaskName& name) {
    std::memcpy(at_, name.bytes, name.size);
    at_ += name.size;
  }

 private:
  std::byte* at_;
  uint8_t width_;
};

constexpr std::string_view kFileEnd = ">";
constexpr std::string_view kNameBegin = "task: ";

// The record, not published; 0 if there is no room.
uint32_t FillRecord(const RecordingMap& map, const TaskName& name) {
  const auto filename_size =
      static_cast<uint32_t>((kTaskFile.size() + kFileEnd.size()) * name.width + name.size);
  const auto name_size = static_cast<uint32_t>(kNameBegin.size() * name.width + name.size);
  const uint64_t size = (sizeof(CodeRecord) + filename_size + name_size + kArenaAlignment - 1) &
                        ~(kArenaAlignment - 1);
  const uint32_t offset = AllocateArena(map, size);
  if (offset == 0) return 0;
  CodeRecord& record = map.At<CodeRecord>(offset);
  record.size = static_cast<uint32_t>(size);
  record.first_line = 1;
  record.filename_size = filename_size;
  record.name_size = name_size;
  record.filename_width = record.name_width = name.width;
  record.qualname_width = 1;
  TextWriter writer(map.base + offset + sizeof(CodeRecord), name.width);
  writer.AddAscii(kTaskFile);
  writer.Add(name);
  writer.AddAscii(kFileEnd);
  writer.AddAscii(kNameBegin);
  writer.Add(name);
  return offset;
}

}  // namespace

uint32_t RecordTask(const RecordingMap& map, const TaskName& name, uint32_t* made) {
  const uint32_t offset = FillRecord(map, name);
  if (offset == 0) return 0;
  if (const uint32_t known = FindCode(map, offset); known != 0) {
    ReturnArena(map, offset, map.At<CodeRecord>(offset).size);
    return known;
  }
  if (*made < kMaxTaskNames) {
    ++*made;
    return PublishCode(map, offset);
  }
  ReturnArena(map, offset, map.At<CodeRecord>(offset).size);
  TaskName others;
  std::memcpy(others.bytes, kOthers.data(), kOthers.size());
  others.size = kOthers.size();
  const uint32_t record = FillRecord(map, others);
  return record == 0 ? 0 : PublishCode(map, record);
}

}  // namespace lineprof
