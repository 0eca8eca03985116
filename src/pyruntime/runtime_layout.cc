#include "pyruntime/runtime_layout.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>

namespace lineprof {
namespace {

// struct _gil_runtime_state begins with `unsigned long interval` in every version.
constexpr uint32_t kGilHolder = 8;
constexpr uint32_t kGilLocked = 16;

// offsetof() in the headers of 3.8.18, 3.9.18, 3.10.13, 3.11.7 and 3.12.1.
constexpr RuntimeLayout InRuntime(uint32_t head, uint32_t threads, uint32_t system_dict,
                                  uint32_t gil) {
  return {head, 0, threads, system_dict, false, gil, kGilHolder, kGilLocked};
}
constexpr std::array<RuntimeLayout, 5> kTable = {
    InRuntime(32, 8, 72, 1152),
    InRuntime(32, 8, 872, 352),
    InRuntime(32, 8, 872, 352),
    InRuntime(40, 16, 904, 360),
    RuntimeLayout{40, 0, 72, 352, true, 384, kGilHolder, kGilLocked},
};
constexpr int kFirstOfTable = 8;

// Positions in _Py_DebugOffsets: Include/internal/pycore_runtime.h of 3.13.0 and
// pycore_debug_offsets.h of 3.14.8 and 3.15.0, which agree but for `threads_main` after
// `threads_head`.
constexpr size_t kInterpretersHeadAt = 40;
constexpr size_t kInterpreterSizeAt = 48;
constexpr size_t kInterpreterNextAt = 64;
constexpr size_t kThreadsHeadAt = 72;
constexpr size_t kSystemDictAt = 96;
constexpr size_t kGilAt = 112;
constexpr size_t kOwnGilAt = 120;
constexpr size_t kGilLockedAt = 136;
constexpr size_t kGilHolderAt = 144;
constexpr int kFirstWithThreadsMain = 14;

// Far above what there is (PyInterpreterState of 3.15: some 300 KB).
constexpr uint64_t kLargestInterpreter = 8 << 20;
constexpr uint64_t kLargestGil = 4096;

class Words {
 public:
  Words(std::span<const std::byte> bytes, int minor) : bytes_(bytes), minor_(minor) {}

  // The word at `position`, an offset below `limit` that suits a field of `alignment`.
  uint32_t Offset(const char* name, size_t position, uint64_t limit, uint64_t alignment) {
    uint64_t word = 0;
    if (position + sizeof(word) <= bytes_.size()) {
      std::memcpy(&word, bytes_.data() + position, sizeof(word));
    }
    const bool is_absurd = word == 0 || word >= limit || word % alignment != 0;
    if (is_absurd && error_.empty()) {
      error_ = "CPython 3." + std::to_string(minor_) + ": its debug offsets are unusable: " + name +
               " is absurd: " + std::to_string(word);
    }
    return static_cast<uint32_t>(word);
  }
  const std::string& error() const { return error_; }

 private:
  std::span<const std::byte> bytes_;
  int minor_;
  std::string error_;
};

}  // namespace

Result<RuntimeLayout> RuntimeLayoutFromTable(int minor) {
  const int index = minor - kFirstOfTable;
  if (index >= 0 && index < static_cast<int>(kTable.size())) {
    return kTable[static_cast<size_t>(index)];
  }
  return Error{"CPython 3." + std::to_string(minor) +
               ": no table of its threads, there are 3.8 to 3.12"};
}

Result<RuntimeLayout> RuntimeLayoutFromDebugOffsets(std::span<const std::byte> runtime, int minor) {
  const size_t moved = minor >= kFirstWithThreadsMain ? 8 : 0;
  Words words(runtime, minor);
  RuntimeLayout layout;
  layout.interpreters_head =
      words.Offset("interpreters_head", kInterpretersHeadAt, kLargestInterpreter, 8);
  const uint64_t size =
      words.Offset("interpreter_state.size", kInterpreterSizeAt, kLargestInterpreter, 8);
  layout.interpreter_next = words.Offset("interpreter_state.next", kInterpreterNextAt, size, 8);
  layout.threads_head = words.Offset("interpreter_state.threads_head", kThreadsHeadAt, size, 8);
  layout.system_dict = words.Offset("interpreter_state.sysdict", kSystemDictAt + moved, size, 8);
  layout.gil_is_per_interpreter = true;
  layout.gil = words.Offset("interpreter_state.ceval_gil", kGilAt + moved, size, 8);
  // These are of the lock that each interpreter has room for, counted from the interpreter.
  const uint32_t own_gil =
      words.Offset("interpreter_state.gil_runtime_state", kOwnGilAt + moved, size, 8);
  const uint64_t gil_end = own_gil + kLargestGil;
  layout.gil_locked = words.Offset("gil.locked", kGilLockedAt + moved, gil_end, 4) - own_gil;
  layout.gil_holder = words.Offset("gil.last_holder", kGilHolderAt + moved, gil_end, 8) - own_gil;
  if (words.error().empty() && std::max(layout.gil_locked, layout.gil_holder) >= kLargestGil) {
    return Error{"CPython 3." + std::to_string(minor) +
                 ": its debug offsets are unusable: the GIL's fields are before it"};
  }
  if (!words.error().empty()) return Error{words.error()};
  return layout;
}

}  // namespace lineprof
