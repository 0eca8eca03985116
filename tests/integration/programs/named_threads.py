"""Three threads work for 1, 2 and 3 parts of the time, under names given in different ways.

Prints what each of them, and the main thread, used of the CPU.
"""
import _thread
import json
import sys
import threading
import time

PART = 0.1
used = {}


def burn(seconds):
    while time.thread_time() < seconds:
        sum(range(2000))  # work


def before_the_start():
    burn(PART)
    used["before"] = time.thread_time()


def by_itself():
    threading.current_thread().name = "sélf-named"
    burn(2 * PART)
    used["sélf-named"] = time.thread_time()


class Derived(threading.Thread):
    def __init__(self, **options):
        super().__init__(**options)
        self.some, self.more, self.attributes = 1, 2, 3

    def run(self):
        self.__dict__  # now it has a dictionary
        burn(3 * PART)
        used["derived"] = time.thread_time()


def nameless(done):
    burn(PART / 2)
    used["nameless"] = time.thread_time()
    done.release()


done = _thread.allocate_lock()
done.acquire()
threads = [
    threading.Thread(target=before_the_start, name="before"),
    threading.Thread(target=by_itself),
    Derived(name="derived"),
]
for thread in threads:
    thread.start()
_thread.start_new_thread(nameless, (done,))
for thread in threads:
    thread.join()
done.acquire()
used["MainThread"] = time.thread_time()
json.dump(used, sys.stdout)
