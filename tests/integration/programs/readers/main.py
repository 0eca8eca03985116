"""What the formats' readers are shown: threads, recursion, two files, a name beyond ASCII, waiting."""

import threading
import time

import größen

END = time.perf_counter() + float(1)


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def work():
    while time.perf_counter() < END:
        fib(12)
        größen.fläche(300)
        größen.even(20)


def wait():
    while time.perf_counter() < END:
        time.sleep(0.01)


threads = [threading.Thread(target=target) for target in (work, wait)]
for thread in threads:
    thread.start()
total = 0
while time.perf_counter() < END:
    total += sum(x * x for x in range(500))
    total += größen.odd(9)
for thread in threads:
    thread.join()
