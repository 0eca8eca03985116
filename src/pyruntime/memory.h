// Memory sources: how a walk reads an interpreter's memory.
//
// A source has a function `bool Read(address, destination, size)` that copies or refuses, and a
// source `Doubtful()` for the places where the address may be anything. The walker is a template
// over it, so that the same code reads the own thread (plain loads), another thread of the own
// process (loads that the kernel checks) and another process.
// SIGNAL-SAFE (errno may change). THREAD: any. GIL: not needed.
#ifndef LINEPROF_PYRUNTIME_MEMORY_H_
#define LINEPROF_PYRUNTIME_MEMORY_H_

#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lineprof {

// True for an address that can be that of an object: user space, past the null page, 8-aligned.
inline bool IsPlausiblePointer(uint64_t address) {
  return address >= 4096 && address < (uint64_t{1} << 47) && (address & 7) == 0;
}

// Whether the page of `address` can be read. rt_sigprocmask(2) copies the new mask from it before
// it looks at what is to be done with that mask, which is nothing here: EFAULT or EINVAL. A tenth
// of the cost of process_vm_readv.
inline bool IsReadablePage(uint64_t address) {
  constexpr int kNothing = -1;
  constexpr size_t kMaskBytes = 8;
  return syscall(SYS_rt_sigprocmask, kNothing, address & ~(kMaskBytes - 1), nullptr, kMaskBytes) ==
             0 ||
         errno != EFAULT;
}

// Loads that are tried first, each page once: trials are most of what a walk costs on 3.11
// and 3.12. One is made for one walk. REQUIRES of a caller: nobody else unmaps the memory
// meanwhile; a thread that reads what once was its own stack is such a caller.
class TriedMemory {
 public:
  bool Read(uint64_t address, void* destination, size_t size) const {
    if (address < kPage) return false;  // 0 would be no mask at all
    for (uint64_t at = address & ~(kPage - 1); at < address + size; at += kPage) {
      if (!IsReadable(at)) return false;
    }
    std::memcpy(destination, reinterpret_cast<const void*>(address), size);
    return true;
  }

 private:
  static constexpr uint64_t kPage = 4096;
  static constexpr uint32_t kKnownPages = 4;  // those of a C frame, a frame, its code, and one more

  bool IsReadable(uint64_t page) const {
    for (const uint64_t known : known_) {
      if (known == page) return true;
    }
    if (!IsReadablePage(page)) return false;
    known_[next_++ % kKnownPages] = page;
    return true;
  }

  mutable uint64_t known_[kKnownPages] = {};
  mutable uint32_t next_ = 0;
};

// Plain loads. REQUIRES of a caller: the memory cannot go away during the read; a thread reading
// its own live frames is such a caller.
struct DirectMemory {
  bool Read(uint64_t address, void* destination, size_t size) const {
    if (address < 4096 || address >= (uint64_t{1} << 47)) return false;
    std::memcpy(destination, reinterpret_cast<const void*>(address), size);
    return true;
  }
  TriedMemory Doubtful() const { return {}; }
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
  CheckedMemory Doubtful() const { return *this; }
};

template <typename T, typename Memory>
bool ReadValue(const Memory& memory, uint64_t address, T* value) {
  return memory.Read(address, value, sizeof(T));
}

}  // namespace lineprof

#endif  // LINEPROF_PYRUNTIME_MEMORY_H_
