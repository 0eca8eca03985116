// The name of a threading.Thread object, read from its memory: no Python code runs, and no GIL is
// needed.
//
// The name is the attribute `_name`, in the values that the object keeps beside its class's table
// of keys, or, if something has asked for its `__dict__`, in that dictionary. Where those are
// depends on the version: Include/cpython/dictobject.h, Include/internal/pycore_dict.h and
// Objects/dictobject.c (keys and their entries), Include/internal/pycore_object.h (what stands in
// front of and behind an object). Everything is read through `Memory` and checked, since the
// object's owner may change it meanwhile: what is found is a str that stood under that key, or
// nothing.
//
// SIGNAL-SAFE: if Memory is. THREAD: any. GIL: not needed.
#ifndef LINEPROF_PYRUNTIME_THREAD_NAME_H_
#define LINEPROF_PYRUNTIME_THREAD_NAME_H_

#include <atomic>
#include <cstdint>

#include "pyruntime/frame_layout.h"
#include "pyruntime/memory.h"

namespace lineprof {

// The Thread whose method a new thread is to run, by the argument of pthread_create; 0 if it is no
// such thread. `method_type`: address of PyMethod_Type. REQUIRES: the thread has not begun.
uint64_t FindThreadObject(const CheckedMemory& memory, uint64_t argument, uint64_t method_type);

// A name's code points, in the interpreter's own storage.
struct ThreadName {
  static constexpr uint32_t kMaxBytes = 72;
  char bytes[kMaxBytes];
  uint8_t size = 0;   // bytes; longer names are cut off
  uint8_t width = 0;  // bytes a code point: 1 (Latin-1), 2 or 4
};

// False if there is none that can be read. `thread`: address of the Thread. `key`: 0, or the
// address of the str "_name" as an earlier call has left it there: there is one such str, and
// finding it again by its text takes longer.
bool ReadThreadName(const CheckedMemory& memory, const FrameLayout& layout, uint64_t thread,
                    std::atomic<uint64_t>* key, ThreadName* name);

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_THREAD_NAME_H_
