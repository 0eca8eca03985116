#include "pyruntime/frame_layout.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace lineprof {
namespace {

constexpr uint32_t kPointerBytes = 8;

std::string VersionName(int major, int minor) {
  return "CPython " + std::to_string(major) + "." + std::to_string(minor);
}

// Include/cpython/pystate.h, Include/frameobject.h and Include/code.h (from 3.9 on both in
// Include/cpython) and Include/cpython/unicodeobject.h of 3.8.18, 3.9.18 and 3.10.13.
// f_lasti is an int: the 4 bytes behind it are f_lineno.
constexpr FrameLayout kFrameObjects = {
    .kind = FrameKind::kFrameObject,
    .major = 3,
    .minor = 8,
    .thread_prev = 0,
    .thread_next = 8,
    .thread_interpreter = 16,
    .thread_id = 176,
    .thread_frame = 24,
    .frame_size = 112,
    .frame_previous = 24,
    .frame_code = 32,
    .frame_instruction = 104,
    .code_size = 128,
    .code_filename = 104,
    .code_name = 112,
    .code_first_line = 40,
    .code_line_table = 120,
    .code_instructions = 48,
    .ascii_data = 48,
    .unicode_data = 72,
};

constexpr FrameLayout FrameObjects(int minor) {
  FrameLayout layout = kFrameObjects;
  layout.minor = minor;
  if (minor == 10) {
    layout.frame_instruction = 96;
    layout.frame_size = 104;
    layout.instruction_in_units = true;
  }
  return layout;
}

// Include/cpython/pystate.h, Include/cpython/code.h, Include/cpython/unicodeobject.h and
// Include/internal/pycore_frame.h of 3.11.7.
constexpr FrameLayout kCFrames311 = {
    .kind = FrameKind::kCFrame,
    .major = 3,
    .minor = 11,
    .thread_prev = 0,
    .thread_next = 8,
    .thread_interpreter = 16,
    .thread_id = 152,
    .thread_frame = 56,
    .thread_data_chunk = 296,
    .cframe_current = 8,
    .cframe_previous = 16,
    .frame_size = 72,
    .frame_previous = 48,
    .frame_code = 32,
    .frame_instruction = 56,
    .frame_owner = 69,
    .first_shim_owner = 3,  // beyond the last, FRAME_OWNED_BY_FRAME_OBJECT: it has no shims
    .code_size = 144,
    .code_filename = 112,
    .code_name = 120,
    .code_qualname = 128,
    .code_first_line = 72,
    .code_line_table = 136,
    .code_instructions = 184,
    .ascii_data = 48,
    .unicode_data = 72,
};

// The same headers of 3.12.1.
constexpr FrameLayout kCFrames312 = {
    .kind = FrameKind::kCFrame,
    .major = 3,
    .minor = 12,
    .thread_prev = 0,
    .thread_next = 8,
    .thread_interpreter = 16,
    .thread_id = 136,
    .thread_frame = 56,
    .thread_data_chunk = 232,
    .cframe_current = 0,
    .cframe_previous = 8,
    .frame_size = 72,
    .frame_previous = 8,
    .frame_code = 0,
    .frame_instruction = 56,
    .frame_owner = 70,
    .first_shim_owner = 3,  // FRAME_OWNED_BY_CSTACK
    .code_size = 144,
    .code_filename = 112,
    .code_name = 120,
    .code_qualname = 128,
    .code_first_line = 68,
    .code_line_table = 136,
    .code_instructions = 192,
    .ascii_data = 40,
    .unicode_data = 56,
};

// _Py_DebugOffsets is a sequence of groups of 8-byte words: for one struct of the interpreter its
// size, then offsets into it. The words that matter here, counted within their group:
constexpr size_t kWord = 8;
constexpr size_t kSize = 0;
namespace thread_word {  // the later ones moved in 3.15: see Shape
constexpr size_t kPrev = 1, kNext = 2, kInterpreter = 3, kCurrentFrame = 4;
}
namespace frame_word {
constexpr size_t kPrevious = 1, kExecutable = 2, kInstrPtr = 3, kLocalsPlus = 4, kOwner = 5;
}
namespace code_word {
constexpr size_t kFilename = 1, kName = 2, kQualname = 3, kLineTable = 4, kFirstLine = 5,
                 kCodeAdaptive = 9;
}
namespace object_word {
constexpr size_t kType = 1;
}
namespace bytes_word {
constexpr size_t kLength = 1, kData = 2;
}
namespace unicode_word {
constexpr size_t kState = 1, kLength = 2, kAsciiSize = 3;
}

// Where the header and the groups start: offsetof(_Py_DebugOffsets, ...) in
// Include/internal/pycore_runtime.h of 3.13.0 and Include/internal/pycore_debug_offsets.h of 3.14.8
// and 3.15.0. All releases of a minor version have one shape
// (the header promises that).
constexpr size_t kVersionAt = 8;
constexpr size_t kFreeThreadedAt = 16;
struct Shape {
  int minor;
  size_t thread_state;
  size_t thread_id;   // thread_state.thread_id
  size_t data_chunk;  // thread_state.datastack_chunk
  size_t interpreter_frame;
  size_t code_object;
  size_t object;
  size_t bytes_object;
  size_t unicode_object;
};
constexpr std::array<Shape, 3> kShapes = {{
    {13, 152, 192, 208, 224, 272, 352, 512, 536},
    {14, 176, 216, 232, 248, 312, 400, 592, 616},
    {15, 176, 240, 256, 312, 376, 464, 688, 712},
}};

const Shape& ShapeOf(int minor) {
  for (const Shape& shape : kShapes) {
    if (shape.minor == minor) return shape;
  }
  return kShapes.back();
}

// The words of the table, and the first thing that was wrong with them: after that it answers 0.
class OffsetTable {
 public:
  OffsetTable(std::span<const std::byte> bytes, std::string interpreter)
      : bytes_(bytes), interpreter_(std::move(interpreter)) {}

  uint64_t Word(const std::string& name, size_t position) {
    if (position > bytes_.size() || bytes_.size() - position < kWord) {
      Fail("they end before " + name);
      return 0;
    }
    uint64_t word = 0;
    std::memcpy(&word, bytes_.data() + position, kWord);
    return word;
  }

  // `what` completes the sentence "its debug offsets are unusable: ".
  void Fail(std::string what) {
    if (!error_) {
      error_ = Error{interpreter_ + ": its debug offsets are unusable: " + std::move(what)};
    }
  }

  const std::optional<Error>& error() const { return error_; }

 private:
  std::span<const std::byte> bytes_;
  std::string interpreter_;
  std::optional<Error> error_;
};

// One group. A field is believed if it lies within a struct of a sane size, is aligned as its type
// asks, and shares no byte with a field read before: a table of another shape hardly ever passes.
class StructOffsets {
 public:
  StructOffsets(OffsetTable* table, const char* name, size_t group, uint32_t largest)
      : table_(table), name_(name), group_(group) {
    const uint64_t size = table->Word(name_ + ".size", group + kSize * kWord);
    if (size == 0 || size > largest || size % kPointerBytes != 0) {
      Refuse("size", size);
      return;
    }
    size_ = static_cast<uint32_t>(size);
  }

  uint32_t Pointer(const char* field, size_t word) {
    return Field(field, group_ + word * kWord, {8, 8});
  }
  uint32_t PointerAt(const char* field, size_t position) { return Field(field, position, {8, 8}); }
  uint32_t Int(const char* field, size_t word) {
    return Field(field, group_ + word * kWord, {4, 4});
  }
  uint32_t Byte(const char* field, size_t word) {
    return Field(field, group_ + word * kWord, {1, 1});
  }
  // The first of the code units that follow the struct's other fields.
  uint32_t CodeUnits(const char* field, size_t word) {
    return Field(field, group_ + word * kWord, {1, 2});
  }
  // A field that has been at `expected` in every version, and is read from there.
  void Fixed(const char* field, size_t word, uint32_t expected) {
    const uint64_t offset = table_->Word(name_ + "." + field, group_ + word * kWord);
    if (offset != expected) Refuse(field, offset);
  }

 private:
  struct Extent {
    uint32_t bytes;
    uint32_t alignment;
  };
  struct Taken {
    uint32_t begin;
    uint32_t end;
  };

  uint32_t Field(const char* field, size_t position, Extent extent) {
    const uint64_t offset = table_->Word(name_ + "." + field, position);
    // An aligned field that starts within the struct also ends there, as sizes are multiples of 8.
    // After a bad size size_ is 0, so that nothing fits.
    if (offset >= size_ || offset % extent.alignment != 0) {
      Refuse(field, offset);
      return 0;
    }
    const Taken taken = {static_cast<uint32_t>(offset),
                         static_cast<uint32_t>(offset) + extent.bytes};
    for (size_t i = 0; i < count_; ++i) {
      if (taken.begin < taken_[i].end && taken_[i].begin < taken.end) Refuse(field, offset);
    }
    taken_[count_++] = taken;
    return taken.begin;
  }

  void Refuse(const char* field, uint64_t value) {
    table_->Fail(name_ + "." + field + " is absurd: " + std::to_string(value));
  }

  static constexpr size_t kMostFields = 8;
  OffsetTable* table_;
  std::string name_;
  size_t group_;
  uint32_t size_ = 0;
  std::array<Taken, kMostFields> taken_{};
  size_t count_ = 0;
};

// Far above what there is (PyThreadState of 3.15: 888; PyCodeObject of 3.15: 216), far below what
// noise looks like.
constexpr uint32_t kLargestThreadState = 16384;
constexpr uint32_t kLargestObject = 1024;

void ReadThreadState(const Shape& shape, OffsetTable* table, FrameLayout* layout) {
  StructOffsets thread(table, "thread_state", shape.thread_state, kLargestThreadState);
  layout->thread_prev = thread.Pointer("prev", thread_word::kPrev);
  layout->thread_next = thread.Pointer("next", thread_word::kNext);
  layout->thread_interpreter = thread.Pointer("interp", thread_word::kInterpreter);
  layout->thread_frame = thread.Pointer("current_frame", thread_word::kCurrentFrame);
  layout->thread_id = thread.PointerAt("thread_id", shape.thread_id);
  layout->thread_data_chunk = thread.PointerAt("datastack_chunk", shape.data_chunk);
}

void ReadFrame(const Shape& shape, OffsetTable* table, FrameLayout* layout) {
  StructOffsets frame(table, "interpreter_frame", shape.interpreter_frame,
                      FrameLayout::kMaxFrameSize);
  layout->frame_previous = frame.Pointer("previous", frame_word::kPrevious);
  layout->frame_code = frame.Pointer("executable", frame_word::kExecutable);
  layout->frame_instruction = frame.Pointer("instr_ptr", frame_word::kInstrPtr);
  layout->frame_owner = frame.Byte("owner", frame_word::kOwner);
  // The locals are the end of the struct, so all that a walk reads is before them.
  layout->frame_size = frame.Pointer("localsplus", frame_word::kLocalsPlus);
  if (layout->frame_size <= std::max({layout->frame_previous, layout->frame_code,
                                      layout->frame_instruction, layout->frame_owner})) {
    table->Fail("interpreter_frame.localsplus is not the last field");
  }
}

void ReadCode(const Shape& shape, OffsetTable* table, FrameLayout* layout) {
  StructOffsets code(table, "code_object", shape.code_object, kLargestObject);
  layout->code_filename = code.Pointer("filename", code_word::kFilename);
  layout->code_name = code.Pointer("name", code_word::kName);
  layout->code_qualname = code.Pointer("qualname", code_word::kQualname);
  layout->code_line_table = code.Pointer("linetable", code_word::kLineTable);
  layout->code_first_line = code.Int("firstlineno", code_word::kFirstLine);
  layout->code_instructions = code.CodeUnits("co_code_adaptive", code_word::kCodeAdaptive);
  const uint32_t last = std::max({layout->code_filename, layout->code_name, layout->code_qualname,
                                  layout->code_line_table, layout->code_first_line});
  layout->code_size = last + kPointerBytes;
  if (layout->code_instructions < layout->code_size) {
    table->Fail("code_object.co_code_adaptive is not the last field");
  }
}

void ReadObjects(const Shape& shape, OffsetTable* table, FrameLayout* layout) {
  StructOffsets object(table, "pyobject", shape.object, kLargestObject);
  object.Fixed("ob_type", object_word::kType, FrameLayout::kObjectType);

  StructOffsets bytes(table, "bytes_object", shape.bytes_object, kLargestObject);
  bytes.Fixed("ob_size", bytes_word::kLength, FrameLayout::kVarObjectSize);
  bytes.Fixed("ob_sval", bytes_word::kData, FrameLayout::kBytesData);

  StructOffsets text(table, "unicode_object", shape.unicode_object, kLargestObject);
  text.Fixed("state", unicode_word::kState, FrameLayout::kUnicodeState);
  text.Fixed("length", unicode_word::kLength, FrameLayout::kUnicodeLength);
  // A compact str that is not ASCII has utf8_length and utf8 (PyCompactUnicodeObject) before its
  // text.
  layout->ascii_data = text.Pointer("asciiobject_size", unicode_word::kAsciiSize);
  layout->unicode_data = layout->ascii_data + 2 * kPointerBytes;
  if (layout->ascii_data <= FrameLayout::kUnicodeState) {
    table->Fail("unicode_object.asciiobject_size is not behind its fields");
  }
}

// The head of the table: is it one, and of this interpreter?
void CheckHead(std::span<const std::byte> runtime, int major, int minor, OffsetTable* table) {
  constexpr std::string_view kCookie = "xdebugpy";
  if (runtime.size() < kCookie.size() ||
      std::memcmp(runtime.data(), kCookie.data(), kCookie.size()) != 0) {
    table->Fail("no cookie 'xdebugpy'");
    return;
  }
  const uint64_t version = table->Word("version", kVersionAt);  // PY_VERSION_HEX
  if (version >> 16 != (static_cast<uint64_t>(major) << 8 | static_cast<uint64_t>(minor))) {
    table->Fail("they say version " + std::to_string(version >> 24) + "." +
                std::to_string(version >> 16 & 0xff));
  }
}

}  // namespace

Result<FrameLayout> LayoutFromTable(int major, int minor) {
  if (major == 3) {
    if (minor >= 8 && minor <= 10) return FrameObjects(minor);
    if (minor == 11) return kCFrames311;
    if (minor == 12) return kCFrames312;
  }
  return Error{VersionName(major, minor) + ": no table of its frames, there are 3.8 to 3.12"};
}

Result<FrameLayout> LayoutFromDebugOffsets(std::span<const std::byte> runtime, int major,
                                           int minor) {
  constexpr int kFirstTagged = 14;  // f_executable is a _PyStackRef since then
  if (major != 3 || minor < kShapes.front().minor) {
    return Error{VersionName(major, minor) + ": has no debug offsets, 3.13 is the first that does"};
  }
  OffsetTable table(runtime, VersionName(major, minor));
  CheckHead(runtime, major, minor, &table);
  const uint64_t free_threaded = table.Word("free_threaded", kFreeThreadedAt);
  if (table.error()) return *table.error();
  if (free_threaded != 0) {
    return Error{VersionName(major, minor) + ": free-threaded builds are not supported"};
  }

  const Shape& shape = ShapeOf(minor);
  FrameLayout layout;
  layout.kind = FrameKind::kCurrentFrame;
  layout.major = major;
  layout.minor = minor;
  layout.first_shim_owner = 3;  // FRAME_OWNED_BY_CSTACK; 3.14: FRAME_OWNED_BY_INTERPRETER
  if (minor >= kFirstTagged) layout.code_pointer_mask = ~uint64_t{7};
  ReadThreadState(shape, &table, &layout);
  ReadFrame(shape, &table, &layout);
  ReadCode(shape, &table, &layout);
  ReadObjects(shape, &table, &layout);
  if (table.error()) return *table.error();
  return layout;
}

}  // namespace lineprof
