"""Threads of every kind, and what runs as the interpreter ends: 151 rounds of work()."""
import _thread
import atexit
import threading
import time


def work(n):
    for i in range(n):
        x = i  # counted


done = _thread.allocate_lock()
done.acquire()


def low_level():
    work(30)
    done.release()


_thread.start_new_thread(low_level, ())
done.acquire()

ready = threading.Event()


def forever():
    work(7)
    ready.set()
    time.sleep(100)


threading.Thread(target=forever, daemon=True).start()
ready.wait()


class Derived(threading.Thread):
    def run(self):
        work(3)


thread = Derived()
thread.start()
thread.join()
atexit.register(work, 11)


def late():
    time.sleep(0.05)
    work(100)


threading.Thread(target=late).start()
