// What identifies a code object, and where its texts are: read once when it is first met.
//
// SIGNAL-SAFE: yes, if Memory is. THREAD: as the walk that met the code. GIL: not needed.
#ifndef LINEPROF_PYRUNTIME_CODE_READER_H_
#define LINEPROF_PYRUNTIME_CODE_READER_H_

#include <cstdint>

#include "pyruntime/frame_layout.h"
#include "pyruntime/memory.h"

namespace lineprof {

// Tells one code object from another that later stands at the same address: `exec` in a loop reuses
// addresses of code, names and line tables alike, so a piece of the line table's bytes belongs to
// it.
struct CodeIdentity {
  uint64_t address;
  uint64_t filename;  // addresses of the objects
  uint64_t name;
  uint64_t line_table;
  uint64_t line_table_size;
  uint64_t line_table_begin;  // its first and last 8 bytes
  uint64_t line_table_end;
  uint32_t first_line;
  uint32_t reserved;

  bool operator==(const CodeIdentity&) const = default;
};

template <typename Memory>
bool ReadCodeIdentity(const Memory& memory, const FrameLayout& layout, uint64_t address,
                      CodeIdentity* identity) {
  *identity = CodeIdentity{};
  identity->address = address;
  if (!ReadValue(memory, address + layout.code_filename, &identity->filename) ||
      !ReadValue(memory, address + layout.code_name, &identity->name) ||
      !ReadValue(memory, address + layout.code_line_table, &identity->line_table) ||
      !ReadValue(memory, address + layout.code_first_line, &identity->first_line) ||
      !IsPlausiblePointer(identity->line_table) ||
      !ReadValue(memory, identity->line_table + FrameLayout::kVarObjectSize,
                 &identity->line_table_size)) {
    return false;
  }
  const uint64_t data = identity->line_table + FrameLayout::kBytesData;
  const uint64_t size = identity->line_table_size;
  // A shorter one may end where its memory does.
  if (size <= 8) return size == 0 || memory.Read(data, &identity->line_table_begin, size);
  return ReadValue(memory, data, &identity->line_table_begin) &&
         ReadValue(memory, data + size - 8, &identity->line_table_end);
}

// The text of a str object in the interpreter's own storage.
struct TextLocation {
  uint64_t address = 0;
  uint32_t bytes = 0;
  uint8_t width = 1;  // bytes a code point: 1 (Latin-1), 2 or 4
};

// Longer texts are cut: no file name is longer, and no name should be.
inline constexpr uint32_t kMaxTextCodePoints = 4096;
// A line table longer than this is no line table.
inline constexpr uint64_t kMaxLineTableBytes = 8 << 20;

template <typename Memory>
bool LocateText(const Memory& memory, const FrameLayout& layout, uint64_t object,
                TextLocation* text) {
  *text = TextLocation{};
  if (object == 0) return true;
  int64_t length = 0;
  uint32_t state = 0;
  if (!IsPlausiblePointer(object) ||
      !ReadValue(memory, object + FrameLayout::kUnicodeLength, &length) ||
      !ReadValue(memory, object + FrameLayout::kUnicodeState, &state) || length < 0) {
    return false;
  }
  // struct { unsigned interned:2, kind:3, compact:1, ascii:1, ... } in every GIL build, 3.8
  // to 3.15.
  const uint32_t kind = (state >> 2) & 7;
  const bool compact = (state >> 5) & 1;
  const bool ascii = (state >> 6) & 1;
  if (!compact || (kind != 1 && kind != 2 && kind != 4)) return false;
  text->address = object + (ascii ? layout.ascii_data : layout.unicode_data);
  text->width = static_cast<uint8_t>(kind);
  text->bytes =
      static_cast<uint32_t>(length < kMaxTextCodePoints ? length : kMaxTextCodePoints) * kind;
  return true;
}

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_CODE_READER_H_
