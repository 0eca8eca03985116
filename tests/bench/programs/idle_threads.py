"""One busy thread beside N threads blocked in select(). Prints the busy thread's speed (rounds a second)
and how many of the blocking calls returned early."""
import os
import select
import sys
import threading
import time

count, seconds = int(sys.argv[1]), float(sys.argv[2])
early = []
end = time.monotonic() + seconds + 0.3
read_end, write_end = os.pipe()


def block():
    wanted = end - time.monotonic()
    began = time.monotonic()
    select.select([read_end], [], [], wanted)
    if time.monotonic() - began < wanted - 0.001:
        early.append(1)


threads = [threading.Thread(target=block) for _ in range(count)]
for thread in threads:
    thread.start()
rounds = 0
began = time.perf_counter()
while time.perf_counter() - began < seconds:
    for _ in range(1000):
        pass
    rounds += 1
speed = rounds / (time.perf_counter() - began)
for thread in threads:
    thread.join()
print(speed, len(early))
