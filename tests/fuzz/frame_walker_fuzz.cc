// Walks stacks in memory that is anything: all layouts, 3.8 to 3.15. A walk ends, reads nothing
// that its memory does not serve, and gives no frame that cannot be one; of each it gives, the
// code's identity and texts are read too.
//
// An input: a byte that chooses the version, then the image; its thread state and the code type are
// at the image's begin.
#include <memory>

#include "fuzz/layout_of.h"
#include "fuzz/random_image.h"
#include "pyruntime/code_reader.h"
#include "pyruntime/frame_walker.h"

namespace lineprof {
namespace {

using fuzz::RandomImage;

// What one walk found.
struct Walked {
  WalkResult result = WalkResult::kNoFrame;
  FrameBuffer frames;
};

void ReadCodes(const RandomImage& memory, const FrameLayout& layout, const FrameBuffer& frames) {
  for (uint32_t i = 0; i < frames.size() && i < 8; ++i) {
    CodeIdentity identity;
    if (!ReadCodeIdentity(memory, layout, frames.FromOutermost(i).code, &identity)) continue;
    for (const uint64_t object : {identity.filename, identity.name}) {
      TextLocation text;
      if (!LocateText(memory, layout, object, &text)) continue;
      fuzz::Check(text.bytes <= kMaxTextCodePoints * text.width, "texts are bounded");
    }
  }
}

std::unique_ptr<Walked> Walk(std::string_view image, const FrameLayout& layout, uint8_t garbage) {
  // Every frame of the longest walk takes less than ten reads; a walk may be begun twice.
  constexpr uint64_t kMostReads = uint64_t{FrameWalker<RandomImage>::kMaxDepth} * 20;
  const RandomImage memory(image, garbage, kMostReads);
  auto walked = std::make_unique<Walked>();
  const FrameWalker<RandomImage> walker(memory, layout, RandomImage::kBegin);
  walked->result = walker.Walk(RandomImage::kBegin, &walked->frames);
  const FrameBuffer& frames = walked->frames;
  fuzz::Check((walked->result == WalkResult::kFrames) == (frames.depth > 0),
              "a walk that has frames says so");
  for (uint32_t i = 0; i < frames.size(); ++i) {
    const RawFrame& frame = frames.FromOutermost(i);
    fuzz::Check(IsPlausiblePointer(frame.code) && frame.instruction >= -1, "a frame can be one");
  }
  ReadCodes(memory, layout, frames);
  return walked;
}

void CheckSame(const Walked& one, const Walked& two) {
  constexpr const char* kPromise = "nothing is used that was not served";
  fuzz::Check(one.result == two.result && one.frames.depth == two.frames.depth, kPromise);
  for (uint32_t i = 0; i < one.frames.size(); ++i) {
    const RawFrame& first = one.frames.FromOutermost(i);
    const RawFrame& second = two.frames.FromOutermost(i);
    fuzz::Check(first.code == second.code && first.instruction == second.instruction, kPromise);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const FrameLayout& layout = fuzz::LayoutOf(fuzz::kOldestMinor + data[0] % fuzz::kVersions);
  const std::string_view image = fuzz::AsText(data + 1, size - 1);
  CheckSame(*Walk(image, layout, 0x00), *Walk(image, layout, 0xff));
  return 0;
}

}  // namespace lineprof
