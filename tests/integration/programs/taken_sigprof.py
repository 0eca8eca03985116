"""Half of its time with SIGPROF taken over in C. Prints how often C's handler ran, early and late."""
import ctypes
import json
import sys
import time

library = ctypes.CDLL(sys.argv[1])
library.signals_taken.restype = ctypes.c_long


def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        sum(range(4000))


spin(0.4)
assert library.take_sigprof() == 0
deadline = time.monotonic() + 20
count = -1
# Until no signals have come for a while.
while library.signals_taken() != count and time.monotonic() < deadline:
    count = library.signals_taken()
    spin(0.6)
print(json.dumps({"stopped": library.signals_taken() == count, "count": count}))
