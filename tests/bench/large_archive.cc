#include "bench/large_archive.h"

#include <unistd.h>

#include <cstring>
#include <string_view>

#include "archive/writer.h"
#include "recording/reader.h"
#include "recording/recording_file.h"

namespace lineprof {
namespace {

constexpr uint64_t kMillisecond = 1'000'000;

// 0: there is no room.
uint32_t AddCode(RecordingFile* file, const RecordedCode& code) {
  const std::string texts = code.filename + code.name + code.qualified_name + code.line_table;
  const uint64_t size =
      (sizeof(CodeRecord) + texts.size() + kArenaAlignment - 1) & ~(kArenaAlignment - 1);
  const uint32_t offset = AllocateGrowing(file, size);
  if (offset == 0) return 0;
  CodeRecord& record = file->map.At<CodeRecord>(offset);
  record.size = static_cast<uint32_t>(size);
  record.first_line = code.first_line;
  record.line_table_size = static_cast<uint32_t>(code.line_table.size());
  record.filename_size = static_cast<uint32_t>(code.filename.size());
  record.name_size = static_cast<uint32_t>(code.name.size());
  record.qualname_size = static_cast<uint32_t>(code.qualified_name.size());
  record.filename_width = record.name_width = record.qualname_width = 1;
  std::memcpy(file->map.base + offset + sizeof(CodeRecord), texts.data(), texts.size());
  return PublishCode(file->map, offset);
}

// False if there is no room.
bool AddNodes(RecordingFile* file, const Recording& recording) {
  std::vector<uint32_t> codes;
  for (const RecordedCode& code : recording.codes) {
    codes.push_back(AddCode(file, code));
    if (codes.back() == 0) return false;
  }
  std::vector<uint32_t> nodes(recording.nodes.size(), 0);
  for (size_t i = 1; i < nodes.size(); i++) {
    const RecordedNode& node = recording.nodes[i];
    const uint32_t callee = node.callee == RecordedNode::kNoCallee ? 0 : codes[node.callee];
    GrowRecordingFile(file);
    nodes[i] =
        InternNode(file->map, nodes[node.parent], codes[node.code], node.instruction, callee);
    if (nodes[i] == 0) return false;
    NodeRecord& record = file->map.At<NodeRecord>(nodes[i]);
    record.cpu_samples += node.cpu_samples;
    record.cpu_ns += node.cpu_ns;
  }
  return true;
}

}  // namespace

Result<std::string> MakeArchive(const Recording& recording,
                                const std::vector<ArchivedSource>& sources,
                                const std::string& directory) {
  RecordingFacts facts;
  facts.period_ns = kMillisecond;
  facts.line_table_format = static_cast<uint32_t>(recording.line_table_format);
  facts.python_hex_version = 0x030a00;
  RecordingFile file;
  if (const char* failed = CreateRecordingFile(directory, facts, &file); failed != nullptr) {
    return Error{std::string("no ") + failed};
  }
  file.map.header().working_directory = AddText(file.map, recording.working_directory);
  const bool has_room = AddNodes(&file, recording);
  CloseRecordingFile(&file);
  Result<std::string> bytes = ReadRecordingBytes(file.path);
  unlink(file.path);
  if (!has_room) return Error{"no room for the recording"};
  if (!bytes) return bytes;

  ArchiveWriter writer;
  ArchivedRun run;
  run.command = {"bench.py"};
  run.period_ns = kMillisecond;
  writer.Add(run);
  for (const ArchivedSource& source : sources) writer.Add(source);
  writer.Add(PackRecording(bytes.value()));
  return writer.Finish();
}

}  // namespace lineprof
