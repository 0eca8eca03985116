// Shows values of Python objects in memory that is anything: as `dump --locals` does, of every
// type, and as names of threads. What is shown is one bounded line.
//
// An input: a byte that chooses the version, then the image. The interpreter's own objects are the
// first words of the image, in the order of kSymbols; the object looked at is at kObject.
#include <unistd.h>

#include <atomic>
#include <iterator>

#include "attach/object_reader.h"
#include "base/utf8.h"
#include "fuzz/layout_of.h"
#include "fuzz/mapped_image.h"
#include "fuzz/python_objects.h"
#include "pyruntime/thread_name.h"
#include "support/elf_image.h"

namespace lineprof {
namespace {

using fuzz::MappedImage;

// The interpreter's symbols, found as in a mapped file.
const ElfSymbols& Symbols() {
  static const ElfSymbols symbols = [] {
    test::ElfImage::Symbols addresses;
    for (size_t i = 0; i < std::size(fuzz::kSymbols); ++i) {
      addresses.emplace_back(fuzz::kSymbols[i], MappedImage::kBegin + i * 8);
    }
    static const test::ElfImage file(addresses);
    return *ElfSymbols::Read(CheckedMemory{getpid()}, file.begin());
  }();
  return symbols;
}

Target MakeTarget(int minor) {
  Target target;
  target.pid = getpid();
  target.memory = CheckedMemory{target.pid};
  // Before 3.13 nothing is read there that matters.
  const std::byte* const runtime = fuzz::RuntimeOf(minor);
  target.runtime = runtime == nullptr ? MappedImage::kBegin : reinterpret_cast<uint64_t>(runtime);
  target.walk.layout = fuzz::LayoutOf(minor);
  target.hex_version = 3u << 16 | static_cast<uint32_t>(minor) << 8;
  target.modules = {Symbols()};
  return target;
}

void ReadName(const Target& target, uint64_t object) {
  std::atomic<uint64_t> key{0};
  ThreadName name;
  if (!ReadThreadName(target.memory, target.walk.layout, object, &key, &name)) return;
  fuzz::Check(name.size > 0 && name.size <= ThreadName::kMaxBytes, "names of threads are bounded");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  static MappedImage image;
  image.Fill(fuzz::AsText(data + 1, size - 1));
  const Target target = MakeTarget(fuzz::kOldestMinor + data[0] % fuzz::kVersions);
  const uint64_t object = MappedImage::kBegin + fuzz::kObject;
  const Result<ObjectReader> reader = ObjectReader::Create(target);
  fuzz::Check(reader.ok(), "objects of each version are known");
  const std::string text = reader.value().Repr(object);
  fuzz::Check(text.size() <= 256 && text.find('\n') == std::string::npos,
              "a value is a short line");
  fuzz::Check(ReplaceInvalidUtf8(text) == text, "a value is well-formed UTF-8");
  fuzz::Check(reader.value().TupleItems(object, 100).size() <= 100, "a limit is kept");
  (void)reader.value().Lookup(object, "stdout");
  (void)reader.value().Uncell(object);
  ReadName(target, object);
  return 0;
}

}  // namespace lineprof
