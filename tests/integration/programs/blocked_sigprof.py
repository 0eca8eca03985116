"""Threads that block SIGPROF while they work, and one that does not. Prints what each used."""
import json
import signal
import threading
import time

used = {}


def blocked():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])
    began = time.thread_time()
    while time.thread_time() < began + 0.3:
        sum(range(4000))  # blocked
    used["blocked"] = time.thread_time() - began


def unblocked():
    """Blocks it as well, but lets it through at the end."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])
    began = time.thread_time()
    while time.thread_time() < began + 0.3:
        sum(range(4000))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGPROF])
    sum(range(400000))
    used["unblocked"] = time.thread_time() - began


for target in (blocked, unblocked):
    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
began = time.thread_time()
while time.thread_time() < began + 0.3:
    sum(range(4000))  # free
used["free"] = time.thread_time() - began
print(json.dumps(used))
