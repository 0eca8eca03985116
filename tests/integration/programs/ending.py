"""Works for 0.3 s on a known line and then ends in the way that its argument names."""
import ctypes
import faulthandler
import os
import signal
import sys
import threading
import time


def work():
    end = time.thread_time() + 0.3
    while time.thread_time() < end:
        sum(range(4000))  # hot


def daemon():
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        sum(range(4000))  # daemon
    time.sleep(60)


def at_exit():
    end = time.thread_time() + 0.2
    while time.thread_time() < end:
        sum(range(4000))  # atexit


how = sys.argv[1]
if how == "faulthandler":
    faulthandler.enable()
if how == "threads":
    import atexit

    atexit.register(at_exit)
    threading.Thread(target=daemon, daemon=True).start()
work()
if how == "_exit":
    os._exit(9)
elif how in ("segfault", "faulthandler"):
    ctypes.string_at(0)
elif how == "abort":
    os.abort()
elif how == "threads":
    time.sleep(0.5)
else:
    os.kill(os.getpid(), getattr(signal, how))
    time.sleep(10)
