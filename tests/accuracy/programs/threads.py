"""B4: four threads: a loop that holds the GIL, a hash that does not, a sleeper, one that waits for a lock.

Argument: SECONDS, which the loop's CPU time determines.
"""

import hashlib
import threading
import time

from meter import Meter

LOCK = threading.Lock()
BLOCK = bytes(1 << 20)
ROUNDS = 20000


def loop(meter):
    while meter.running():  #: loop
        for i in range(ROUNDS):  #: loop
            x = (i * 7 + 3) % 1009  #: loop
    LOCK.release()  #: loop
    return x  #: loop


def run_hash(meter):
    while LOCK.locked():  #: hash
        hashlib.sha256(BLOCK)  #: hash


def sleep(meter):
    while LOCK.locked():  #: sleep
        time.sleep(0.005)  #: sleep


def wait(meter):
    LOCK.acquire(True, 3600)  #: wait
    LOCK.release()  #: wait


def timed(work, part, results):
    meter = Meter()
    work(meter)
    meter.lap(part)
    results.append(meter.parts)


def main():
    # Free while the waiter holds it; the others must not take that moment for the end.
    LOCK.acquire()
    results = []
    works = {"loop": loop, "hash": run_hash, "sleep": sleep, "wait": wait}
    threads = [threading.Thread(target=timed, args=(w, p, results)) for p, w in works.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    meter = Meter()
    for parts in results:
        meter.parts.update(parts)
    meter.print()


main()
