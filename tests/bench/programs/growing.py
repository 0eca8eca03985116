"""Does small parts of work for SECONDS, with something in a size: growing.py KIND SIZE SECONDS. Prints what
steady.py does.

threads: that many others wait in select(). depth: under so many frames. lines: the work goes through so many
lines, in functions of a hundred; each file has a thousand.
"""
import json
import select
import sys
import threading
import time

PART_SECONDS = 0.004
LINES_PER_FUNCTION = 100
FUNCTIONS_PER_FILE = 10


def loop(rounds):
    total = 0
    for i in range(rounds):
        total += i & 3
    return total


def deep(depth, work):
    return deep(depth - 1, work) if depth > 0 else work()


def generated(lines):
    """Functions of that many lines in all."""
    functions = []
    body = "    x += 1\n" * (LINES_PER_FUNCTION - 1)
    count = max(1, lines // LINES_PER_FUNCTION)
    for start in range(0, count, FUNCTIONS_PER_FILE):
        names = ["f%d" % i for i in range(start, min(start + FUNCTIONS_PER_FILE, count))]
        text = "".join("def %s(x):\n%s" % (name, body) for name in names)
        scope = {}
        exec(compile(text, "generated_%d.py" % start, "exec"), scope)
        functions += [scope[name] for name in names]
    return functions


def run(part, seconds):
    """Calls `part` for that long; prints when each call ended, and what CPU time had been used by then."""
    ends = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        part()
        ends.append((time.monotonic(), time.process_time()))
    json.dump(ends, sys.stdout)


def rounds_of_a_part(work):
    """How often `work(n)` can do its least in a part."""
    rounds = 1
    while True:
        start = time.perf_counter()
        work(rounds)
        taken = time.perf_counter() - start
        if taken > PART_SECONDS / 2:
            return max(1, int(rounds * PART_SECONDS / taken))
        rounds *= 2


def walk_through(functions):
    position = 0

    def work(rounds):
        nonlocal position
        for _ in range(rounds):
            functions[position](0)
            position = (position + 1) % len(functions)

    return work


def start_threads(count):
    threading.stack_size(128 * 1024)
    for _ in range(count):
        threading.Thread(target=select.select, args=([], [], []), daemon=True).start()


def main():
    kind, size, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    work = loop
    if kind == "threads":
        start_threads(size)
    elif kind == "lines":
        work = walk_through(generated(size))
    rounds = rounds_of_a_part(work)
    if kind == "depth":
        sys.setrecursionlimit(size + 1000)
        deep(size, lambda: run(lambda: work(rounds), seconds))
    else:
        run(lambda: work(rounds), seconds)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
