#include "pyruntime/object_layout.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace lineprof {
namespace {

constexpr int kFirstWithDebugOffsets = 13;
constexpr int kFirstTagged = 14;

// Positions in _Py_DebugOffsets, as frame_layout.cc's: of interpreter_frame.localsplus,
// code_object.localsplusnames and .localspluskinds, tuple_object.ob_item.
struct Positions {
  size_t locals;
  size_t names;
  size_t kinds;
  size_t tuple_items;
};
constexpr Positions kPositions13 = {256, 328, 336, 408};
constexpr Positions kPositions14 = {280, 368, 376, 456};
constexpr Positions kPositions15 = {344, 432, 440, 552};

const Positions& PositionsOf(int minor) {
  if (minor == 13) return kPositions13;
  return minor == 14 ? kPositions14 : kPositions15;
}

Result<uint32_t> Offset(std::span<const std::byte> runtime, const char* name, size_t position) {
  constexpr uint64_t kLargest = 1024;
  uint64_t word = 0;
  if (position + sizeof(word) <= runtime.size()) {
    std::memcpy(&word, runtime.data() + position, sizeof(word));
  }
  if (word >= 16 && word < kLargest && word % 8 == 0) return static_cast<uint32_t>(word);
  return Error{std::string("its debug offsets are unusable: ") + name +
               " is absurd: " + std::to_string(word)};
}

// Include/cpython/code.h and frameobject.h of 3.8.18, 3.9.18 and 3.10.13 (3.8: Include/).
ObjectLayout UntilThreeTen(int minor) {
  ObjectLayout layout;
  layout.locals = minor == 10 ? 352 : 360;
  layout.names = 72;
  layout.cell_names = 88;
  layout.free_names = 80;
  return layout;
}

}  // namespace

Result<ObjectLayout> FindObjectLayout(int minor, std::span<const std::byte> runtime) {
  if (minor <= 10) return UntilThreeTen(minor);
  ObjectLayout layout;
  layout.has_int_tag = minor >= 12;
  layout.has_compact_keys = true;
  layout.locals = 72;  // Include/internal/pycore_frame.h of 3.11.7 and 3.12.1
  layout.names = 96;   // Include/cpython/code.h
  layout.kinds = 104;
  if (minor < kFirstWithDebugOffsets) return layout;
  layout.split_values = 8;  // behind four bytes of PyDictValues, aligned
  if (minor >= kFirstTagged) layout.local_pointer_mask = ~uint64_t{7};
  const Positions& positions = PositionsOf(minor);
  const struct {
    const char* name;
    size_t position;
    uint32_t* field;
  } fields[] = {
      {"interpreter_frame.localsplus", positions.locals, &layout.locals},
      {"code_object.localsplusnames", positions.names, &layout.names},
      {"code_object.localspluskinds", positions.kinds, &layout.kinds},
      {"tuple_object.ob_item", positions.tuple_items, &layout.tuple_items},
  };
  for (const auto& field : fields) {
    const Result<uint32_t> offset = Offset(runtime, field.name, field.position);
    if (!offset.ok()) return Error{offset.error()};
    *field.field = offset.value();
  }
  return layout;
}

}  // namespace lineprof
