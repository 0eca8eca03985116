// A running process and the interpreter in it: what must be known to read its stacks from outside.
//
// Found by the symbols that every CPython exports, wherever they are mapped: a static python, a
// libpython, a program that embeds one. Only read, by process_vm_readv(2): the process is never
// stopped, traced or signalled, and need not be in lineprof's mount or pid namespace.
//
// A value. It holds for as long as the process runs that program. THREAD: any.
#ifndef LINEPROF_ATTACH_TARGET_H_
#define LINEPROF_ATTACH_TARGET_H_

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "attach/elf_symbols.h"
#include "lineprof/result.h"
#include "pyruntime/runtime_layout.h"
#include "recorder/stack_recorder.h"
#include "recording/recording.h"

namespace lineprof {

struct Target {
  pid_t pid = 0;
  CheckedMemory memory{};
  uint64_t runtime = 0;  // address of _PyRuntime
  RuntimeLayout layout;
  WalkContext walk;
  uint32_t hex_version = 0;  // major << 16 | minor << 8 | micro
  LineTableFormat line_table_format = LineTableFormat::kLocations;
  std::vector<ElfSymbols> modules;  // where the interpreter's symbols are, in the order of search

  int minor() const { return static_cast<int>(hex_version >> 8 & 255); }
  // The address of one of the interpreter's symbols; 0 if it is not exported.
  uint64_t Symbol(std::string_view name) const;
};

// Fails with one line: no such process, no Python, a version that is not supported, no permission.
Result<Target> FindTarget(pid_t pid);

// Whether the process is there and has not ended; a zombie has.
bool IsAlive(pid_t pid);

// The version in a text like "3.8.18 (default, Nov 20 2026", the first that is found in `bytes`, as
// hex_version; 0 if there is none.
uint32_t FindVersionText(std::string_view bytes);

}  // namespace lineprof

#endif  // LINEPROF_ATTACH_TARGET_H_
