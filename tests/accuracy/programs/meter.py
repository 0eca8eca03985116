"""The programs' own stopwatch: what each part took, by wall clock and by this thread's CPU clock."""

import json
import sys
from time import perf_counter, thread_time


class Meter:
    """Runs for sys.argv[1] seconds of CPU time; lap() charges what passed since the last one."""

    def __init__(self):
        self.arguments = sys.argv[2:]
        self.seconds = float(sys.argv[1])
        self.parts = {}
        self.start = thread_time()
        self.restart()

    def running(self):
        return thread_time() - self.start < self.seconds

    def restart(self):
        """What passed so far belongs to no part."""
        self.cpu = thread_time()
        self.wall = perf_counter()

    def lap(self, part):
        """What passed since the last lap belongs to `part`."""
        wall = perf_counter()
        cpu = thread_time()
        self.charge(part, wall - self.wall, cpu - self.cpu)
        self.restart()

    def charge(self, part, wall, cpu):
        wall_before, cpu_before = self.parts.get(part, (0.0, 0.0))
        self.parts[part] = (wall_before + wall, cpu_before + cpu)

    def print(self):
        """One line of JSON: part -> {"wall": seconds, "cpu": seconds}."""
        print(json.dumps({part: {"wall": w, "cpu": c} for part, (w, c) in self.parts.items()}))
