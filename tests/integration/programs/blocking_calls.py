"""Each kind of blocking call in a thread of its own; CPU work before each sets ticks on their way.

Prints, by call, what went wrong: a list of texts, empty if nothing did.
"""
import ctypes
import json
import os
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
import time

SECONDS = 0.08
ROUNDS = 8
# In C a tick on the way into the kernel is enough, so many short calls find more than few long ones.
C_MILLISECONDS, C_ROUNDS = 2, 600
C_CALLS = ("c_poll", "c_select", "c_nanosleep", "c_usleep", "c_epoll_wait")
library = ctypes.CDLL(sys.argv[1])
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])  # before threads: all inherit it
reader, writer = os.pipe()
left, right = socket.socketpair()
left.settimeout(SECONDS)
lock = threading.Lock()
lock.acquire()
epoll = select.epoll()
poll = select.poll()
problems = {}


def delayed_write(write):
    timer = threading.Timer(SECONDS, write)
    timer.start()
    return timer


def read_pipe():
    timer = delayed_write(lambda: os.write(writer, b"x"))
    got = os.read(reader, 1)
    timer.join()
    return got == b"x"


def receive():
    try:
        left.recv(1)
    except (socket.timeout, TimeoutError):
        return True
    return False


def get():
    try:
        queue.Queue().get(timeout=SECONDS)
    except queue.Empty:
        return True
    return False


def wait_for_child():
    return subprocess.Popen(["sleep", str(SECONDS)]).wait() == 0


CALLS = {
    "time.sleep": lambda: time.sleep(SECONDS) is None,
    "select.select": lambda: select.select([right], [], [], SECONDS) == ([], [], []),
    "select.poll": lambda: poll.poll(SECONDS * 1000) == [],
    "select.epoll": lambda: epoll.poll(SECONDS) == [],
    "queue.get": get,
    "lock.acquire": lambda: lock.acquire(timeout=SECONDS) is False,
    "event.wait": lambda: threading.Event().wait(SECONDS) is False,
    "socket.recv": receive,
    "os.read": read_pipe,
    "subprocess.wait": wait_for_child,
    "signal.sigtimedwait": lambda: signal.sigtimedwait([signal.SIGUSR2], SECONDS) is None,
}


def work():
    end = time.thread_time() + 0.003
    while time.thread_time() < end:
        sum(range(100))


def block_in_python(name, call):
    for _ in range(ROUNDS):
        work()
        began = time.monotonic()
        right_result = call()
        took = time.monotonic() - began
        if not right_result:
            problems[name].append("wrong result")
        # A Timer's own wait and a child's begin a little before or after.
        if took < SECONDS - 0.002:
            problems[name].append("returned after %.4f s" % took)


def block_in_c(name):
    for _ in range(C_ROUNDS):
        result = getattr(library, name)(C_MILLISECONDS)
        if result == -1:
            problems[name].append("returned early")
        elif result != 0:
            problems[name].append(os.strerror(result))


threads = [threading.Thread(target=block_in_python, args=item) for item in CALLS.items()]
threads += [threading.Thread(target=block_in_c, args=(name,)) for name in C_CALLS]
problems.update({name: [] for name in (*CALLS, *C_CALLS)})
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps(problems))
