#include "pyruntime/frame_layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "support/debug_offsets.h"

namespace lineprof {
namespace {

using Image = test::RuntimeImage;
using Version = test::DebugOffsetsVersion;
using Word = test::DebugOffsetsWord;
using test::PutWord;

// Fields as (offset, bytes): they must not overlap and must lie within `size`.
using Fields = std::vector<std::pair<uint32_t, uint32_t>>;

void ExpectDisjoint(const Fields& fields, uint32_t size, const char* what) {
  std::set<uint32_t> taken;
  for (const auto& [offset, bytes] : fields) {
    EXPECT_EQ(offset % bytes, 0u) << what << " at " << offset;
    for (uint32_t at = offset; at < offset + bytes; ++at) {
      EXPECT_TRUE(taken.insert(at).second) << what << ": two fields at " << at;
      EXPECT_LT(at, size) << what;
    }
  }
}

// What holds for the layout of any version.
void ExpectSane(const FrameLayout& layout) {
  constexpr uint32_t kObjectHead = 16;
  const bool objects = layout.kind == FrameKind::kFrameObject;
  Fields thread = {{layout.thread_prev, 8},
                   {layout.thread_next, 8},
                   {layout.thread_interpreter, 8},
                   {layout.thread_id, 8},
                   {layout.thread_frame, 8}};
  if (!objects) thread.emplace_back(layout.thread_data_chunk, 8);
  ExpectDisjoint(thread, 1024, "thread");

  Fields frame = {{layout.frame_previous, 8},
                  {layout.frame_code, 8},
                  {layout.frame_instruction, objects ? 4 : 8}};
  if (!objects) frame.emplace_back(layout.frame_owner, 1);
  ExpectDisjoint(frame, layout.frame_size, "frame");
  EXPECT_LE(layout.frame_size, FrameLayout::kMaxFrameSize);
  EXPECT_EQ(layout.first_shim_owner, objects ? 0u : 3u);

  Fields code = {{layout.code_filename, 8},
                 {layout.code_name, 8},
                 {layout.code_first_line, 4},
                 {layout.code_line_table, 8}};
  if (objects) {
    code.emplace_back(layout.code_instructions, 8);
    EXPECT_EQ(layout.code_qualname, 0u);
  } else {
    code.emplace_back(layout.code_qualname, 8);
    EXPECT_GE(layout.code_instructions, layout.code_size);
    EXPECT_EQ(layout.code_instructions % 8, 0u);
  }
  ExpectDisjoint(code, layout.code_size, "code");
  for (const auto& [offset, bytes] : code) EXPECT_GE(offset, kObjectHead);

  EXPECT_GE(layout.ascii_data, FrameLayout::kUnicodeState + 8);
  EXPECT_GE(layout.unicode_data, layout.ascii_data + 16);
}

TEST(LayoutFromTable, EveryVersionIsSane) {
  const std::vector<std::pair<int, FrameKind>> versions = {{8, FrameKind::kFrameObject},
                                                           {9, FrameKind::kFrameObject},
                                                           {10, FrameKind::kFrameObject},
                                                           {11, FrameKind::kCFrame},
                                                           {12, FrameKind::kCFrame}};
  for (const auto& [minor, kind] : versions) {
    SCOPED_TRACE(minor);
    const Result<FrameLayout> layout = LayoutFromTable(3, minor);
    ASSERT_TRUE(layout.ok());
    EXPECT_EQ(layout.value().major, 3);
    EXPECT_EQ(layout.value().minor, minor);
    EXPECT_EQ(layout.value().kind, kind);
    EXPECT_EQ(layout.value().code_pointer_mask, ~uint64_t{0});
    ExpectSane(layout.value());
  }
}

TEST(LayoutFromTable, OnlyPython310CountsCodeUnits) {
  for (int minor = 8; minor <= 12; ++minor) {
    EXPECT_EQ(LayoutFromTable(3, minor).value().instruction_in_units, minor == 10) << minor;
  }
}

// offsetof, printed by a C program with the headers of 3.8.18, 3.9.18, 3.10.13, 3.11.7 and 3.12.1.
TEST(LayoutFromTable, OffsetsAreThoseOfTheHeaders) {
  struct Row {
    const char* field;
    uint32_t FrameLayout::*offset;
    std::array<uint32_t, 5> expected;  // 3.8 to 3.12; 0 where there is no such field
  };
  const std::vector<Row> rows = {
      {"thread prev", &FrameLayout::thread_prev, {0, 0, 0, 0, 0}},
      {"thread next", &FrameLayout::thread_next, {8, 8, 8, 8, 8}},
      {"thread interp", &FrameLayout::thread_interpreter, {16, 16, 16, 16, 16}},
      {"thread thread_id", &FrameLayout::thread_id, {176, 176, 176, 152, 136}},
      {"thread frame, cframe", &FrameLayout::thread_frame, {24, 24, 24, 56, 56}},
      {"thread datastack_chunk", &FrameLayout::thread_data_chunk, {0, 0, 0, 296, 232}},
      {"cframe current_frame", &FrameLayout::cframe_current, {0, 0, 0, 8, 0}},
      {"cframe previous", &FrameLayout::cframe_previous, {0, 0, 0, 16, 8}},
      {"frame previous", &FrameLayout::frame_previous, {24, 24, 24, 48, 8}},
      {"frame code", &FrameLayout::frame_code, {32, 32, 32, 32, 0}},
      {"frame instruction", &FrameLayout::frame_instruction, {104, 104, 96, 56, 56}},
      {"frame owner", &FrameLayout::frame_owner, {0, 0, 0, 69, 70}},
      {"code filename", &FrameLayout::code_filename, {104, 104, 104, 112, 112}},
      {"code name", &FrameLayout::code_name, {112, 112, 112, 120, 120}},
      {"code qualname", &FrameLayout::code_qualname, {0, 0, 0, 128, 128}},
      {"code firstlineno", &FrameLayout::code_first_line, {40, 40, 40, 72, 68}},
      {"code line table", &FrameLayout::code_line_table, {120, 120, 120, 136, 136}},
      {"code instructions", &FrameLayout::code_instructions, {48, 48, 48, 184, 192}},
      {"str data, ASCII", &FrameLayout::ascii_data, {48, 48, 48, 48, 40}},
      {"str data, other", &FrameLayout::unicode_data, {72, 72, 72, 72, 56}},
  };
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.expected.size(); ++i) {
      const int minor = 8 + static_cast<int>(i);
      EXPECT_EQ(LayoutFromTable(3, minor).value().*row.offset, row.expected[i])
          << row.field << " of 3." << minor;
    }
  }
}

TEST(LayoutFromTable, RefusesOtherVersions) {
  const std::vector<std::pair<int, int>> versions = {{2, 7},  {2, 8},  {3, 0}, {3, 7},
                                                     {3, 13}, {3, -1}, {4, 8}};
  for (const auto& [major, minor] : versions) {
    const Result<FrameLayout> layout = LayoutFromTable(major, minor);
    ASSERT_FALSE(layout.ok()) << major << "." << minor;
    EXPECT_NE(layout.error().find(std::to_string(major) + "." + std::to_string(minor)),
              std::string::npos)
        << layout.error();
  }
}

// REQUIRES: `version` has it.
const Word& Find(const Version& version, const std::string& name) {
  return *std::find_if(version.words.begin(), version.words.end(),
                       [&](const Word& word) { return word.name == name; });
}

uint64_t ValueOf(const Version& version, const std::string& name) {
  return Find(version, name).value;
}

size_t PositionOf(const Version& version, const std::string& name) {
  return Find(version, name).position;
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

class DebugOffsets : public testing::TestWithParam<Version> {
 protected:
  const Version& version() const { return GetParam(); }
  int minor() const { return GetParam().minor; }

  void ExpectRefused(const Image& image, const std::string& reason) const {
    const Result<FrameLayout> layout = LayoutFromDebugOffsets(image, 3, minor());
    ASSERT_FALSE(layout.ok()) << reason;
    EXPECT_TRUE(Contains(layout.error(), "CPython 3." + std::to_string(minor()) + ": "))
        << layout.error();
    EXPECT_TRUE(Contains(layout.error(), reason)) << layout.error() << "\nnot: " << reason;
    EXPECT_FALSE(Contains(layout.error(), "\n")) << layout.error();
  }
};

INSTANTIATE_TEST_SUITE_P(LayoutFrom, DebugOffsets, testing::ValuesIn(test::DebugOffsetsVersions()),
                         [](const auto& test) { return "Py3" + std::to_string(test.param.minor); });

TEST_P(DebugOffsets, GoodImageGivesItsOffsets) {
  const Result<FrameLayout> result =
      LayoutFromDebugOffsets(test::MakeRuntimeImage(version()), 3, minor());
  ASSERT_TRUE(result.ok()) << result.error();
  const FrameLayout& layout = result.value();
  ExpectSane(layout);
  EXPECT_EQ(layout.kind, FrameKind::kCurrentFrame);
  EXPECT_EQ(layout.major, 3);
  EXPECT_EQ(layout.minor, minor());
  EXPECT_EQ(layout.code_pointer_mask, minor() == 13 ? ~uint64_t{0} : ~uint64_t{7});
  const std::vector<std::pair<const char*, uint32_t>> fields = {
      {"thread_state.prev", layout.thread_prev},
      {"thread_state.next", layout.thread_next},
      {"thread_state.interp", layout.thread_interpreter},
      {"thread_state.current_frame", layout.thread_frame},
      {"thread_state.thread_id", layout.thread_id},
      {"thread_state.datastack_chunk", layout.thread_data_chunk},
      {"interpreter_frame.previous", layout.frame_previous},
      {"interpreter_frame.executable", layout.frame_code},
      {"interpreter_frame.instr_ptr", layout.frame_instruction},
      {"interpreter_frame.localsplus", layout.frame_size},
      {"interpreter_frame.owner", layout.frame_owner},
      {"code_object.filename", layout.code_filename},
      {"code_object.name", layout.code_name},
      {"code_object.qualname", layout.code_qualname},
      {"code_object.linetable", layout.code_line_table},
      {"code_object.firstlineno", layout.code_first_line},
      {"code_object.co_code_adaptive", layout.code_instructions},
      {"unicode_object.asciiobject_size", layout.ascii_data},
  };
  for (const auto& [name, offset] : fields) EXPECT_EQ(offset, ValueOf(version(), name)) << name;
  EXPECT_EQ(layout.unicode_data, 56u);
}

TEST_P(DebugOffsets, RefusesEveryCookieButTheRightOne) {
  for (size_t i = 0; i < 8; ++i) {
    Image image = test::MakeRuntimeImage(version());
    image[i] ^= std::byte{0x20};
    ExpectRefused(image, "no cookie");
  }
}

TEST_P(DebugOffsets, RefusesAnotherVersion) {
  const uint64_t minor_bits = static_cast<uint64_t>(minor());
  for (const uint64_t hex :
       {uint64_t{0}, 0x030000f0 | (minor_bits + 1) << 16, 0x030000f0 | (minor_bits - 1) << 16,
        0x040000f0 | minor_bits << 16, 0x1030000f0 | minor_bits << 16, ~uint64_t{0}}) {
    Image image = test::MakeRuntimeImage(version());
    PutWord(&image, 8, hex);
    ExpectRefused(image, "they say version");
  }
}

TEST_P(DebugOffsets, AcceptsEveryReleaseOfTheVersion) {
  for (const uint64_t release : {0x00b4u, 0x00f0u, 0x0cf0u, 0xfff0u}) {
    Image image = test::MakeRuntimeImage(version());
    PutWord(&image, 8, 0x03000000u | static_cast<uint64_t>(minor()) << 16 | release);
    EXPECT_TRUE(LayoutFromDebugOffsets(image, 3, minor()).ok()) << release;
  }
}

TEST_P(DebugOffsets, RefusesFreeThreadedBuilds) {
  for (const uint64_t flag : {uint64_t{1}, uint64_t{1} << 63}) {
    Image image = test::MakeRuntimeImage(version());
    PutWord(&image, 16, flag);
    ExpectRefused(image, "free-threaded builds are not supported");
  }
}

TEST_P(DebugOffsets, RefusesEachWordOutOfRangeAndNamesIt) {
  for (const Word& word : version().words) {
    for (const uint64_t value : {uint64_t{1} << 20, uint64_t{1} << 32 | word.value,
                                 0xeeeeeeeeeeeeeeee, ~uint64_t{0}, ~uint64_t{7}}) {
      Image image = test::MakeRuntimeImage(version());
      PutWord(&image, word.position, value);
      ExpectRefused(image, word.name);
    }
  }
}

TEST_P(DebugOffsets, RefusesEachSizeOfZero) {
  for (const Word& word : version().words) {
    if (!Contains(word.name, ".size")) continue;
    Image image = test::MakeRuntimeImage(version());
    PutWord(&image, word.position, 0);
    ExpectRefused(image, word.name);
  }
}

TEST_P(DebugOffsets, RefusesFramesThatAReadersBufferCannotHold) {
  Image image = test::MakeRuntimeImage(version());
  PutWord(&image, PositionOf(version(), "interpreter_frame.size"), FrameLayout::kMaxFrameSize + 8);
  ExpectRefused(image, "interpreter_frame.size");
}

TEST_P(DebugOffsets, RefusesEachOffsetBehindItsStruct) {
  uint64_t size = 0;  // the words of a struct follow its size
  for (const Word& word : version().words) {
    if (Contains(word.name, ".size")) {
      size = word.value;
      continue;
    }
    Image image = test::MakeRuntimeImage(version());
    PutWord(&image, word.position, size);
    ExpectRefused(image, word.name);
  }
}

TEST_P(DebugOffsets, RefusesMisalignedFields) {
  for (const Word& word : version().words) {
    if (Contains(word.name, ".owner")) continue;  // a byte has no alignment
    Image image = test::MakeRuntimeImage(version());
    PutWord(&image, word.position, word.value + 1);
    ExpectRefused(image, word.name);
  }
}

TEST_P(DebugOffsets, RefusesFieldsInAPlaceThatIsTakenOrTooEarly) {
  const std::vector<std::pair<std::string, uint64_t>> misplaced = {
      {"interpreter_frame.owner", ValueOf(version(), "interpreter_frame.previous") + 1},
      {"interpreter_frame.executable", ValueOf(version(), "interpreter_frame.previous")},
      {"interpreter_frame.localsplus", 16},      // before the fields that it must follow
      {"code_object.co_code_adaptive", 16},      // the same
      {"unicode_object.asciiobject_size", 32}};  // ends before str.state does
  for (const auto& [name, offset] : misplaced) {
    Image image = test::MakeRuntimeImage(version());
    PutWord(&image, PositionOf(version(), name), offset);
    ExpectRefused(image, name);
  }
}

TEST_P(DebugOffsets, RefusesAnImageTruncatedAtEveryByte) {
  const Image whole = test::MakeRuntimeImage(version());
  for (size_t size = 0; size < version().end; ++size) {
    const Image part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    ExpectRefused(part, "its debug offsets are unusable");
  }
  const Image enough(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(version().end));
  EXPECT_TRUE(LayoutFromDebugOffsets(enough, 3, minor()).ok());
}

TEST_P(DebugOffsets, RefusesTheShapeOfAnotherVersion) {
  for (const Version& other : test::DebugOffsetsVersions()) {
    if (other.minor == minor()) continue;
    Image image = test::MakeRuntimeImage(other);
    PutWord(&image, 8, 0x030000f0u | static_cast<uint64_t>(minor()) << 16);
    ExpectRefused(image, "is absurd");
  }
}

TEST(LayoutFromDebugOffsets, TriesTheNewestShapeForNewerVersions) {
  Image image = test::MakeRuntimeImage(test::DebugOffsetsVersions().back());
  PutWord(&image, 8, 0x031000f0);
  const Result<FrameLayout> layout = LayoutFromDebugOffsets(image, 3, 16);
  ASSERT_TRUE(layout.ok()) << layout.error();
  EXPECT_EQ(layout.value().minor, 16);
  EXPECT_EQ(layout.value().code_pointer_mask, ~uint64_t{7});
}

TEST(LayoutFromDebugOffsets, RefusesVersionsThatHaveNone) {
  const Image image = test::MakeRuntimeImage(test::DebugOffsetsVersions().front());
  for (const auto& [major, minor] : {std::pair{3, 12}, {3, 8}, {2, 13}, {4, 13}}) {
    const Result<FrameLayout> layout = LayoutFromDebugOffsets(image, major, minor);
    ASSERT_FALSE(layout.ok()) << major << "." << minor;
    EXPECT_TRUE(Contains(layout.error(), "no debug offsets")) << layout.error();
  }
}

}  // namespace
}  // namespace lineprof
