"""Starts short threads, `argv[1]` in all, at most `argv[2]` at once, while the main thread works now and then."""
import sys
import threading

ALL, AT_ONCE = map(int, sys.argv[1:3])


def short():
    return sum(range(200))  # short


def main():
    left = ALL
    while left:
        group = [threading.Thread(target=short) for _ in range(min(AT_ONCE, left))]
        for thread in group:
            thread.start()
        for thread in group:
            thread.join()
        left -= len(group)


busy = threading.Thread(target=lambda: [sum(range(5000)) for _ in range(5000)], name="busy")
busy.start()
main()
busy.join()
