// How RecordCode is made, for the one source file of a layer that instantiates it for its Memory.
// SIGNAL-SAFE, THREAD, GIL: see code_recorder.h.
#ifndef LINEPROF_RECORDER_CODE_RECORDER_IMPL_H_
#define LINEPROF_RECORDER_CODE_RECORDER_IMPL_H_

#include "recorder/code_recorder.h"

namespace lineprof {
namespace code_recorder {

template <typename Memory>
bool CopyTexts(const RecordingMap& map, const Memory& memory, uint64_t at,
               const TextLocation& filename, const TextLocation& name, const TextLocation& qualname,
               const CodeIdentity& identity) {
  for (const TextLocation* text : {&filename, &name, &qualname}) {
    if (text->bytes != 0 && !memory.Read(text->address, map.base + at, text->bytes)) {
      return false;
    }
    at += text->bytes;
  }
  return identity.line_table_size == 0 || memory.Read(identity.line_table + FrameLayout::kBytesData,
                                                      map.base + at, identity.line_table_size);
}

}  // namespace code_recorder

template <typename Memory>
uint32_t RecordCode(const RecordingMap& map, const FrameLayout& layout, const Memory& memory,
                    const CodeIdentity& identity) {
  TextLocation filename, name, qualname;
  uint64_t qualname_object = 0;
  if (layout.code_qualname != 0 &&
      !ReadValue(memory, identity.address + layout.code_qualname, &qualname_object)) {
    return 0;
  }
  if (identity.line_table_size > kMaxLineTableBytes ||
      !LocateText(memory, layout, identity.filename, &filename) ||
      !LocateText(memory, layout, identity.name, &name) ||
      !LocateText(memory, layout, qualname_object, &qualname)) {
    return 0;
  }
  const uint64_t texts = uint64_t{filename.bytes} + name.bytes + qualname.bytes;
  const uint64_t size =
      (sizeof(CodeRecord) + texts + identity.line_table_size + kArenaAlignment - 1) &
      ~(kArenaAlignment - 1);
  const uint32_t offset = AllocateArena(map, size);
  if (offset == 0) return 0;
  CodeRecord& record = map.At<CodeRecord>(offset);
  record.size = static_cast<uint32_t>(size);
  record.first_line = identity.first_line;
  record.line_table_size = static_cast<uint32_t>(identity.line_table_size);
  record.filename_size = filename.bytes;
  record.filename_width = filename.width;
  record.name_size = name.bytes;
  record.name_width = name.width;
  record.qualname_size = qualname.bytes;
  record.qualname_width = qualname.width;
  if (!code_recorder::CopyTexts(map, memory, offset + sizeof(CodeRecord), filename, name, qualname,
                                identity)) {
    ReturnArena(map, offset, size);
    return 0;
  }
  return PublishCode(map, offset);
}

}  // namespace lineprof

#endif  // LINEPROF_RECORDER_CODE_RECORDER_IMPL_H_
