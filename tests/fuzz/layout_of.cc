#include "fuzz/layout_of.h"

#include <array>
#include <map>
#include <utility>

#include "support/debug_offsets.h"

namespace lineprof::fuzz {
namespace {

// What the interpreters of test::DebugOffsetsVersions say beside that: where FindObjectLayout
// looks.
struct ObjectWords {
  int minor;
  std::array<std::pair<size_t, uint64_t>, 3> words;  // names and kinds of locals, items of tuples
};
constexpr ObjectWords kObjectWords[] = {
    {13, {{{328, 96}, {336, 104}, {408, 24}}}},
    {14, {{{368, 96}, {376, 104}, {456, 32}}}},
    {15, {{{432, 96}, {440, 104}, {552, 32}}}},
};

const std::map<int, test::RuntimeImage>& Runtimes() {
  static const std::map<int, test::RuntimeImage> runtimes = [] {
    std::map<int, test::RuntimeImage> made;
    for (const auto& version : test::DebugOffsetsVersions()) {
      made[version.minor] = test::MakeRuntimeImage(version);
    }
    for (const ObjectWords& each : kObjectWords) {
      for (const auto& [position, value] : each.words) {
        test::PutWord(&made.at(each.minor), position, value);
      }
    }
    return made;
  }();
  return runtimes;
}

}  // namespace

const FrameLayout& LayoutOf(int minor) {
  static const std::map<int, FrameLayout> layouts = [] {
    std::map<int, FrameLayout> made;
    for (int each = kOldestMinor; each < kOldestMinor + kVersions; ++each) {
      const auto runtime = Runtimes().find(each);
      made[each] = runtime == Runtimes().end()
                       ? LayoutFromTable(3, each).value()
                       : LayoutFromDebugOffsets(runtime->second, 3, each).value();
    }
    return made;
  }();
  return layouts.at(minor);
}

const std::byte* RuntimeOf(int minor) {
  const auto runtime = Runtimes().find(minor);
  return runtime == Runtimes().end() ? nullptr : runtime->second.data();
}

}  // namespace lineprof::fuzz
