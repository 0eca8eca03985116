"""Work whose period is the sampling period: half of each millisecond on each of two lines."""
import json
import time

clock = time.thread_time
began = clock()
next_half = began
while next_half < began + 1.2:
    next_half += 0.0005
    while clock() < next_half: pass  # first
    next_half += 0.0005
    while clock() < next_half: pass  # second
print(json.dumps(clock() - began))
