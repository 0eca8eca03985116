"""A hot line under DEPTH calls of one function, in a thread whose stack has room for them."""
import sys
import threading
import time

DEPTH = int(sys.argv[1])


def spin():
    end = time.thread_time() + 0.4
    total = 0
    while time.thread_time() < end:
        total += sum(range(4000))  # hot
    return total


def descend(depth):
    return spin() if depth == 0 else descend(depth - 1)


def run():
    descend(DEPTH)
    print('"done"')


sys.setrecursionlimit(DEPTH + 1000)
# Up to 3.10 each call takes C stack: half a kilobyte, more in debug builds.
threading.stack_size(1 << 30)
thread = threading.Thread(target=run)
thread.start()
thread.join()
