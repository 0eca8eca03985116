"""Forks a process with BYTES of touched small pages, through Python and through C."""
import ctypes
import json
import mmap
import os
import sys
import time

MADV_NOHUGEPAGE = 15
memory = mmap.mmap(-1, int(sys.argv[1]))
memory.madvise(MADV_NOHUGEPAGE)
for offset in range(0, len(memory), mmap.PAGESIZE):
    memory[offset] = 1
libc = ctypes.CDLL(None)
done = 0
for fork in (os.fork, libc.fork):
    for _ in range(5):
        pid = fork()
        if pid == 0:
            os._exit(3)
        done += os.waitpid(pid, 0)[1] == 3 << 8
end = time.process_time() + 0.2
while time.process_time() < end:
    sum(range(4000))  # after
print(json.dumps(done))
