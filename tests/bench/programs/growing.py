"""Works for SECONDS, with something in a size: growing.py KIND SIZE SECONDS.

threads: that many others wait in select(). depth: under so many frames. lines: the work goes through so many
lines, in functions of a hundred; each file has a thousand.
"""
import select
import sys
import threading
import time

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


def run(work, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        work(100)


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
    if kind == "depth":
        sys.setrecursionlimit(size + 1000)
        deep(size, lambda: run(work, seconds))
    else:
        run(work, seconds)


if __name__ == "__main__":
    main()
