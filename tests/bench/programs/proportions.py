"""Four ways to do the same, in turns, and a loop that begins far down in its function.

proportions.py ROUNDS runs them; proportions.py ROUNDS timed prints the microseconds of each, without the
rounds that something else disturbed.
"""
import statistics
import sys
import time

N = 500
# Leaves room in memory that is not given back: else a list may take it from the system each time.
KEPT = [1000 + i for i in range(200_000)][::1000]
LINES_BEFORE = 400


def generator_expression():
    return sum(i + 1 for i in range(N))


def list_comprehension():
    return sum([i + 1 for i in range(N)])


def mapped():
    return sum(map((1).__add__, range(N)))


def loop():
    total = 0
    for i in range(N):
        total += i + 1
    return total


# The loop once more, where a line's number is far down in the table of its function's lines.
LATE = ("def late_loop():\n    total = 0\n    if total:\n" + "        total = 1\n" * LINES_BEFORE
        + "    for i in range(N):\n        total += i + 1\n    return total\n")
exec(LATE)
# What is run in turns; the last alone, since its events leave nothing of the others in the caches.
TURNS = [[generator_expression, list_comprehension, mapped, loop], [late_loop]]  # noqa: F821


def run(rounds):
    for ways in TURNS:
        for _ in range(rounds):
            for way in ways:
                way()


def timed(rounds):
    for ways in TURNS:
        times = {way: [] for way in ways}
        for _ in range(rounds):
            for way in ways:
                begin = time.perf_counter()
                way()
                times[way].append(time.perf_counter() - begin)
        for way in ways:
            print(way.__name__, 1e6 * statistics.median(times[way]))


rounds = int(sys.argv[1])
if sys.argv[2:]:
    timed(rounds)
else:
    run(rounds)
