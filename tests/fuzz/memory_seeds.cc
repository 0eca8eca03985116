#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "fuzz/layout_of.h"
#include "fuzz/mapped_image.h"
#include "fuzz/python_objects.h"
#include "fuzz/random_image.h"
#include "fuzz/seeds.h"
#include "support/debug_offsets.h"
#include "support/elf_image.h"

namespace lineprof::fuzz {
namespace {

// Memory from `begin` on, written by address.
class Image {
 public:
  explicit Image(uint64_t begin) : begin_(begin) {}

  template <typename T>
  void Put(uint64_t address, T value) {
    const uint64_t offset = address - begin_;
    if (bytes_.size() < offset + sizeof(T)) bytes_.resize((offset + sizeof(T) + 7) & ~uint64_t{7});
    std::memcpy(bytes_.data() + offset, &value, sizeof(T));
  }
  void PutText(uint64_t address, std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) Put(address + i, text[i]);
  }

  // As the input of a target whose first byte chooses the version.
  std::string Input(int minor) const {
    return std::string(1, static_cast<char>(minor - kOldestMinor)) + bytes_;
  }

 private:
  uint64_t begin_;
  std::string bytes_;
};

// A thread in two frames of one code object, the outer of which a shim called where there are such.
std::string StackOf(int minor) {
  constexpr uint64_t kThread = RandomImage::kBegin;  // the code type's address too
  constexpr uint64_t kCFrame = kThread + 0x200;
  constexpr uint64_t kCode = kThread + 0x240;
  constexpr uint64_t kInstructions = kThread + 0x340;
  constexpr uint64_t kTexts = kThread + 0x380;
  constexpr uint64_t kChunk = kThread + 0x400;
  constexpr uint64_t kFrames = kChunk + 0x40;
  constexpr uint64_t kFrameBytes = 0xa0;
  const FrameLayout& layout = LayoutOf(minor);
  Image image(kThread);
  image.Put(kCode + FrameLayout::kObjectType, kThread);
  image.Put(kCode + layout.code_filename, kTexts);
  image.Put(kCode + layout.code_name, kTexts + 8);
  image.Put(kCode + layout.code_line_table, kInstructions);
  image.Put(kInstructions + FrameLayout::kVarObjectSize, uint64_t{16});
  uint64_t start = kFrames;
  if (layout.kind == FrameKind::kFrameObject) {
    image.Put(kCode + layout.code_instructions, kInstructions);
  } else {
    image.Put(kCode + FrameLayout::kVarObjectSize, uint64_t{16});
  }
  if (layout.kind == FrameKind::kCFrame) {
    image.Put(kThread + layout.thread_data_chunk, kChunk);
    image.Put(kThread + layout.thread_data_chunk + 8, kChunk + 0x400);
    image.Put(kChunk + FrameLayout::kChunkSize, uint64_t{0x1000});
    image.Put(kCFrame + layout.cframe_current, kFrames);
    start = kCFrame;
  }
  image.Put(kThread + layout.thread_frame, start);
  const uint64_t count = layout.first_shim_owner != 0 ? 3 : 2;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t frame = kFrames + i * kFrameBytes;
    image.Put(frame + FrameLayout::kMaxFrameSize - 8, uint64_t{0});
    image.Put(frame + layout.frame_previous, i + 1 < count ? frame + kFrameBytes : 0);
    image.Put(frame + layout.frame_code, kCode);
    if (layout.kind == FrameKind::kFrameObject) {
      image.Put(frame + layout.frame_instruction, uint32_t{4});
    } else {
      image.Put(frame + layout.frame_instruction, kCode + layout.code_instructions + 4);
      image.Put(frame + layout.frame_owner, static_cast<uint8_t>(i == 2 ? 3 : 0));
    }
  }
  return image.Input(minor);
}

// The address of the interpreter's i-th symbol.
uint64_t SymbolAt(size_t i) { return MappedImage::kBegin + i * 8; }

// A list of an int, a str and itself.
std::string ListOf(int minor) {
  constexpr uint64_t kList = MappedImage::kBegin + kObject;
  constexpr uint64_t kItems = kList + 0x40;
  constexpr uint64_t kInt = kList + 0x80;
  constexpr uint64_t kText = kList + 0xc0;
  const FrameLayout& layout = LayoutOf(minor);
  Image image(MappedImage::kBegin);
  image.Put(kList + 8, SymbolAt(7));
  image.Put(kList + 16, uint64_t{3});
  image.Put(kList + 24, kItems);
  for (const auto& [place, item] :
       std::vector<std::pair<uint64_t, uint64_t>>{{0, kInt}, {8, kText}, {16, kList}}) {
    image.Put(kItems + place, item);
  }
  image.Put(kInt + 8, SymbolAt(3));
  image.Put(kInt + 16, minor >= 12 ? uint64_t{1} << 3 : uint64_t{1});
  image.Put(kInt + 24, uint32_t{42});
  image.Put(kText + 8, SymbolAt(5));
  image.Put(kText + FrameLayout::kUnicodeLength, uint64_t{3});
  image.Put(kText + FrameLayout::kUnicodeState, uint32_t{1 << 6 | 1 << 5 | 1 << 2});
  image.PutText(kText + layout.ascii_data, "abc");
  return image.Input(minor);
}

// A dict with one key, "stdout", until 3.10; its value is itself.
std::string OldDict() {
  constexpr uint64_t kDict = MappedImage::kBegin + kObject;
  constexpr uint64_t kKeys = kDict + 0x40;
  constexpr uint64_t kText = kDict + 0x100;
  Image image(MappedImage::kBegin);
  image.Put(kDict + 8, SymbolAt(9));
  image.Put(kDict + 32, kKeys);
  image.Put(kDict + 40, uint64_t{0});
  image.Put(kKeys + 8, uint64_t{8});
  image.Put(kKeys + 32, uint64_t{1});
  image.Put(kKeys + 40 + 8 + 8, kText);
  image.Put(kKeys + 40 + 8 + 16, kDict);
  image.Put(kText + 8, SymbolAt(5));
  image.Put(kText + FrameLayout::kUnicodeLength, uint64_t{6});
  image.Put(kText + FrameLayout::kUnicodeState, uint32_t{1 << 6 | 1 << 5 | 1 << 2});
  image.PutText(kText + LayoutOf(8).ascii_data, "stdout");
  return image.Input(8);
}

// An object of a class with a dictionary in which `_name` is "worker"; until 3.10.
std::string OldThread() {
  constexpr uint64_t kThread = MappedImage::kBegin + kObject;
  constexpr uint64_t kDict = kThread + 0x40;
  constexpr uint64_t kKeys = kThread + 0x80;
  constexpr uint64_t kKey = kThread + 0x100;
  constexpr uint64_t kName = kThread + 0x180;
  constexpr uint64_t kType = kThread + 0x200;
  const uint32_t data = LayoutOf(8).ascii_data;
  Image image(MappedImage::kBegin);
  image.Put(kThread + 8, kType);
  image.Put(kThread + 16, kDict);
  image.Put(kType + 168, uint64_t{1} << 9);
  image.Put(kType + 1024, uint64_t{0});
  image.Put(kDict + 32, kKeys);
  image.Put(kKeys + 8, uint64_t{8});
  image.Put(kKeys + 32, uint64_t{1});
  image.Put(kKeys + 40 + 8 + 8, kKey);
  image.Put(kKeys + 40 + 8 + 16, kName);
  for (const auto& [object, text] :
       std::vector<std::pair<uint64_t, std::string_view>>{{kKey, "_name"}, {kName, "worker"}}) {
    image.Put(object + FrameLayout::kUnicodeLength, uint64_t{text.size()});
    image.Put(object + FrameLayout::kUnicodeState, uint32_t{1 << 6 | 1 << 5 | 1 << 2});
    image.PutText(object + data, text);
  }
  return image.Input(8);
}

}  // namespace

Seeds FrameWalkerSeeds() {
  Seeds seeds;
  for (int minor = kOldestMinor; minor < kOldestMinor + kVersions; ++minor) {
    seeds["3." + std::to_string(minor)] = StackOf(minor);
  }
  return seeds;
}

Seeds ObjectReaderSeeds() {
  Seeds seeds = {{"old_dict", OldDict()}, {"old_thread", OldThread()}};
  for (int minor = kOldestMinor; minor < kOldestMinor + kVersions; ++minor) {
    seeds["list_3." + std::to_string(minor)] = ListOf(minor);
  }
  return seeds;
}

Seeds DebugOffsetsSeeds() {
  Seeds seeds;
  for (const auto& version : test::DebugOffsetsVersions()) {
    constexpr int kFirst = 12;
    const test::RuntimeImage image = test::MakeRuntimeImage(version);
    seeds["3." + std::to_string(version.minor)] =
        std::string(1, static_cast<char>(version.minor - kFirst)) +
        std::string(reinterpret_cast<const char*>(image.data()), image.size());
  }
  return seeds;
}

Seeds ElfSymbolsSeeds() {
  const test::ElfImage image({{"a", 1}, {"_PyRuntime", 2}});
  return {{"file", std::string(reinterpret_cast<const char*>(image.bytes), sizeof(image.bytes))}};
}

}  // namespace lineprof::fuzz
