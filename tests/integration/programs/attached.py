"""Works until a line comes on standard input: a busy line in the main thread beside threads that wait.

Prints its process id when it is ready, and at the end what it did: the rounds, their checksum and its
CPU time. With COUNT as argument: so many more threads that only wait.
"""
import json
import os
import select
import sys
import threading
import time

over = threading.Event()
lock = threading.Lock()


def sleeper():
    while not over.is_set():
        time.sleep(30)  # sleeps


def lock_waiter():
    lock.acquire()  # locked
    lock.release()


def busy():
    rounds = checksum = 0
    while not select.select([0], [], [], 0)[0]:
        for _ in range(50):
            checksum = (checksum * 31 + sum(range(3000))) % 1000003  # hot
            rounds += 1
    return rounds, checksum


lock.acquire()
waiting = [threading.Thread(target=over.wait) for _ in range(int(sys.argv[1]) if sys.argv[1:] else 0)]
for thread in waiting:
    thread.start()
threading.Thread(target=sleeper, daemon=True).start()
lock_thread = threading.Thread(target=lock_waiter)
lock_thread.start()
print(os.getpid(), flush=True)
began = time.thread_time()
rounds, checksum = busy()
cpu = time.thread_time() - began
over.set()
lock.release()
lock_thread.join()
print(json.dumps({"rounds": rounds, "checksum": checksum, "cpu": cpu}))
