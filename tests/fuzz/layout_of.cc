#include "fuzz/layout_of.h"

#include <map>

#include "support/debug_offsets.h"

namespace lineprof::fuzz {
namespace {

const std::map<int, test::RuntimeImage>& Runtimes() {
  static const std::map<int, test::RuntimeImage> runtimes = [] {
    std::map<int, test::RuntimeImage> made;
    for (const auto& version : test::DebugOffsetsVersions()) {
      made[version.minor] = test::MakeRuntimeImage(version);
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
