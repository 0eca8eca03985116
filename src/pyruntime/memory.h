// Memory sources: how a walk reads an interpreter's memory.
//
// A source has one function, `bool Read(address, destination, size)`, that copies or refuses. The
// walker is a template over it, so that the same code reads the own thread (plain loads), another
// thread of the own process (loads that the kernel checks) and another process.
// SIGNAL-SAFE (errno may change). THREAD: any. GIL: not needed.
#ifndef LINEPROF_PYRUNTIME_MEMORY_H_
#define LINEPROF_PYRUNTIME_MEMORY_H_

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lineprof {

// True for an address that can be that of an object: user space, past the null page, 8-aligned.
inline bool IsPlausiblePointer(uint64_t address) {
  return address >= 4096 && address < (uint64_t{1} << 47) && (address & 7) == 0;
}

// Plain loads. REQUIRES of a caller: the memory cannot go away during the read; a thread reading
// its own live frames is such a caller.
struct DirectMemory {
  bool Read(uint64_t address, void* destination, size_t size) const {
    if (address < 4096 || address >= (uint64_t{1} << 47)) return false;
    std::memcpy(destination, reinterpret_cast<const void*>(address), size);
    return true;
  }
};

// Loads through the kernel (process_vm_readv(2)): an address that is not mapped is a refusal, not a
// fault. `pid` may be the own process.
struct CheckedMemory {
  pid_t pid;

  bool Read(uint64_t address, void* destination, size_t size) const {
    if (size == 0) return true;
    iovec local{destination, size};
    iovec remote{reinterpret_cast<void*>(address), size};
    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == static_cast<ssize_t>(size);
  }
};

template <typename T, typename Memory>
bool ReadValue(const Memory& memory, uint64_t address, T* value) {
  return memory.Read(address, value, sizeof(T));
}

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_MEMORY_H_
