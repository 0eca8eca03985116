"""COUNT threads blocked in select() beside a busy line. Prints how often they were woken."""
import json
import os
import select
import sys
import threading
import time

pipe = os.pipe()
ids = []


def idle():
    ids.append(threading.get_native_id())
    select.select([pipe[0]], [], [])


def switches():
    """Voluntary context switches of each idle thread: one more each time that it was woken."""
    counts = []
    for tid in ids:
        with open("/proc/self/task/%d/status" % tid) as file:
            counts += [int(line.split()[1]) for line in file if line.startswith("voluntary")]
    return counts


threads = [threading.Thread(target=idle) for _ in range(int(sys.argv[1]))]
for thread in threads:
    thread.start()
time.sleep(0.3)
before = switches()
cpu = time.process_time()
began = time.thread_time()
for _ in range(15000):
    sum(range(4000))  # busy
used = time.thread_time() - began
all_used = time.process_time() - cpu
woken = [after - first for first, after in zip(before, switches())]
os.write(pipe[1], b"x")
for thread in threads:
    thread.join()
print(json.dumps({"used": used, "all": all_used, "most_woken": max(woken), "threads": len(woken)}))
