"""Prints its descriptors, closes all that it has but the standard ones, and goes on working."""
import json
import os
import subprocess
import time

listed = sorted(int(name) for name in os.listdir("/proc/self/fd"))
in_child = subprocess.run(
    ["sh", "-c", "ls /proc/self/fd | wc -l"], close_fds=False, stdout=subprocess.PIPE
).stdout
opened = os.open("/dev/null", os.O_RDONLY)
os.close(opened)
os.closerange(3, 65536)
end = time.process_time() + 0.4
while time.process_time() < end:
    sum(range(4000))  # after
print(json.dumps({"listed": listed, "in_child": int(in_child), "opened": opened}))
