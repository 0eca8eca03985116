"""Greenlets that take turns on a hot line."""
import time

import greenlet


def spin():
    for _ in range(40):
        end = time.process_time() + 0.003
        while time.process_time() < end:
            sum(range(4000))  # hot
        main.switch()


main = greenlet.getcurrent()
workers = [greenlet.greenlet(spin) for _ in range(3)]
for _ in range(40):
    for worker in workers:
        worker.switch()
