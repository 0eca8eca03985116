"""Spins in C on stacks that leave a signal handler little room (native/small_stacks.c)."""
import ctypes
import json
import sys
import time

library = ctypes.CDLL(sys.argv[1])
results = {}
for name in ("context", "smallest_thread", "altstack"):
    results[name] = getattr(library, "spin_on_" + name)(ctypes.c_int(250))
time.sleep(0.05)
print(json.dumps(results))
