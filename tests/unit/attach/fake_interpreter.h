// An interpreter of the shape of 3.8 made by hand in this process's memory, to be read through
// process_vm_readv(2) like another process's.
//
// Thread states, frames and code objects are blocks of words at the offsets of LayoutFromTable(3,
// 8). Whatever a test spoils, reading must end and stay inside.
#ifndef LINEPROF_TESTS_UNIT_ATTACH_FAKE_INTERPRETER_H_
#define LINEPROF_TESTS_UNIT_ATTACH_FAKE_INTERPRETER_H_

#include <unistd.h>

#include <cstdint>
#include <deque>
#include <vector>

#include "attach/target.h"

namespace lineprof {

class FakeInterpreter {
 public:
  using Block = std::vector<uint64_t>;

  FakeInterpreter() {
    target.pid = getpid();
    target.memory = CheckedMemory{getpid()};
    target.walk.checked = target.memory;
    target.walk.layout = LayoutFromTable(3, 8).value();
    target.walk.code_type = AddressOf(Add());
    target.layout = RuntimeLayoutFromTable(8).value();
    target.hex_version = 0x030812;
    target.line_table_format = LineTableFormat::kLnotab;
    runtime = &Add(256);
    target.runtime = AddressOf(*runtime);
    interpreter = &Add();
    At(*runtime, target.layout.interpreters_head) = AddressOf(*interpreter);
  }

  static uint64_t AddressOf(const Block& block) { return reinterpret_cast<uint64_t>(block.data()); }
  static uint64_t& At(Block& block, uint32_t offset) { return block[offset / 8]; }
  Block& Add(size_t words = 64) { return blocks_.emplace_back(words, 0); }

  // A new first thread of the list, whose pthread says kernel thread `tid`.
  Block& AddThread(pid_t tid) {
    Block& pthread = Add(128);
    At(pthread, 720) = static_cast<uint32_t>(tid);
    Block& thread = Add();
    uint64_t& head = At(*interpreter, target.layout.threads_head);
    At(thread, target.walk.layout.thread_next) = head;
    At(thread, target.walk.layout.thread_interpreter) = AddressOf(*interpreter);
    At(thread, target.walk.layout.thread_id) = AddressOf(pthread);
    head = AddressOf(thread);
    return thread;
  }

  Block& AddCode() {
    Block& instructions = Add();
    At(instructions, FrameLayout::kVarObjectSize) = 64;
    Block& code = Add();
    At(code, FrameLayout::kObjectType) = target.walk.code_type;
    At(code, target.walk.layout.code_filename) = AddressOf(Add());
    At(code, target.walk.layout.code_name) = AddressOf(Add());
    At(code, target.walk.layout.code_instructions) = AddressOf(instructions);
    return code;
  }

  // A new innermost frame of the thread, at `instruction`.
  Block& Push(Block& thread, const Block& code, uint32_t instruction) {
    Block& frame = Add();
    uint64_t& top = At(thread, target.walk.layout.thread_frame);
    At(frame, target.walk.layout.frame_previous) = top;
    At(frame, target.walk.layout.frame_code) = AddressOf(code);
    At(frame, target.walk.layout.frame_instruction) = instruction;
    top = AddressOf(frame);
    return frame;
  }

  Target target;
  Block* runtime;
  Block* interpreter;

 private:
  std::deque<Block> blocks_;  // which do not move
};

}  // namespace lineprof

#endif  // LINEPROF_TESTS_UNIT_ATTACH_FAKE_INTERPRETER_H_
