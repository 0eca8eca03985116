// Where objects of the basic types keep their values, and frames their local variables: for those
// who show values from outside the process.
//
// 3.8 to 3.12: offsetof() in their headers (Include/cpython/*.h, Objects/dict-common.h,
// Include/internal/pycore_dict.h and pycore_frame.h). 3.13 and newer: as those, but for what
// `_Py_DebugOffsets` tells. Objects themselves have been {refcount, type, size} in every version.
//
// A value without pointers. THREAD: any. GIL: not needed.
#ifndef LINEPROF_PYRUNTIME_OBJECT_LAYOUT_H_
#define LINEPROF_PYRUNTIME_OBJECT_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "lineprof/result.h"

namespace lineprof {

struct ObjectLayout {
  // int: digits of 30 bits at kIntDigits. Their number and the sign are `ob_size`, negative for
  // negative ones (until 3.11), or a tag: number << 3 | 0 (positive), 1 (zero), 2 (negative).
  static constexpr uint32_t kIntDigits = 24;
  bool has_int_tag = false;

  static constexpr uint32_t kTypeName = 24;    // char*
  static constexpr uint32_t kFloatValue = 16;  // double
  static constexpr uint32_t kListItems = 24;   // pointer to them
  uint32_t tuple_items = 24;                   // themselves
  static constexpr uint32_t kCellValue = 16;

  // dict. Its keys until 3.10: {refcount, size, lookup, usable, entries, indices[size]}, then
  // 24-byte entries {hash, key, value}. From 3.11 on: {refcount, log2 of the size, log2 of the
  // indices' bytes, kind (u8 each), version, usable, entries}, the indices, then entries, which
  // have no hash unless the kind is 0.
  static constexpr uint32_t kDictKeys = 32;
  static constexpr uint32_t kDictValues = 40;  // pointer to those of a split table, or null
  bool has_compact_keys = false;               // 3.11+
  uint32_t split_values = 0;                   // where they begin behind that pointer

  // Local variables, and the code object's tuples of their names. Until 3.10 of locals, of cells
  // and of free variables, in this order; from 3.11 on one tuple and one byte a variable, its kind.
  uint32_t locals = 0;  // in the frame: pointers to objects, or to cells
  uint32_t names = 0;   // co_varnames or co_localsplusnames
  uint32_t cell_names = 0;
  uint32_t free_names = 0;
  uint32_t kinds = 0;                          // co_localspluskinds
  static constexpr uint8_t kHidden = 0x10;     // CO_FAST_HIDDEN
  uint64_t local_pointer_mask = ~uint64_t{0};  // clears the tag bits of a local (3.14+)
};

// The layout of CPython 3.`minor`. `runtime`: the bytes at the start of `_PyRuntime`, for 3.13 and
// newer; REQUIRES then: LayoutFromDebugOffsets took them. Fails on an offset that is out of range.
Result<ObjectLayout> FindObjectLayout(int minor, std::span<const std::byte> runtime);

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_OBJECT_LAYOUT_H_
