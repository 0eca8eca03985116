"""Starts processes in the way that its first argument names; each does a known amount of work.

Every process appends a line [pid, parent, CPU seconds of its work] to the file of its second argument.
"""
import concurrent.futures
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

PYTHON = os.environ["TEST_PYTHON"]
SCRIPT = os.path.abspath(__file__)
SECONDS = 0.15


def work(_=None):
    began = time.thread_time()
    while time.thread_time() < began + SECONDS:
        sum(range(3000))  # work
    spent = time.thread_time() - began
    line = json.dumps([os.getpid(), os.getppid(), spent]) + "\n"
    fd = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(fd, line.encode())
    os.close(fd)


def wait_for_lines(count):
    while True:
        if os.path.exists(LOG):
            with open(LOG) as file:
                if len(file.readlines()) >= count:
                    return
        time.sleep(0.01)


def by_exec_through_a_shell():
    """Becomes a shell, which becomes a Python again."""
    if os.fork() == 0:
        work()
        command = "exec '%s' '%s' work '%s'" % (PYTHON, SCRIPT, LOG)
        os.execv("/bin/sh", ["sh", "-c", command])
    os.wait()


def by_exec_of_python():
    if os.fork() == 0:
        work()
        os.execv(PYTHON, [PYTHON, SCRIPT, "work", LOG])
    os.wait()


def by_subprocess():
    """vfork, from 3.10 on."""
    children = [subprocess.Popen([PYTHON, SCRIPT, "work", LOG]) for _ in range(2)]
    for child in children:
        child.wait()


def by_posix_spawn():
    command = [PYTHON, SCRIPT, "work", LOG]
    os.waitpid(os.posix_spawn(PYTHON, command, os.environ), 0)


def by_pool(method):
    context = multiprocessing.get_context(method)
    context.set_executable(PYTHON)
    with context.Pool(2, initializer=remember, initargs=(LOG,)) as pool:
        pool.map(work, range(4), chunksize=1)
        pool.close()
        pool.join()


def remember(log):
    global LOG
    LOG = log


def by_fork_in_threads():
    def fork():
        pid = os.fork()
        if pid == 0:
            work()
            os._exit(7)
        os.waitpid(pid, 0)

    threads = [threading.Thread(target=fork) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def by_futures():
    context = multiprocessing.get_context("fork")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as executor:
        list(executor.map(work, range(4)))


def by_double_fork():
    """A daemon: its parent is gone before it works."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(0.1)
            work()
            os._exit(0)
        os._exit(0)
    os.wait()
    wait_for_lines(1)
    time.sleep(0.1)


def by_survivor():
    """The program ends before its child does, which waits for a file if TEST_GO names one."""
    go = os.environ.get("TEST_GO")
    if os.fork() == 0:
        null = os.open("/dev/null", os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        time.sleep(0.3)
        while go and not os.path.exists(go):
            time.sleep(0.02)
        work()
        os._exit(3)


def by_signals():
    for number in (signal.SIGTERM, signal.SIGKILL):
        pid = os.fork()
        if pid == 0:
            work()
            os.kill(os.getpid(), number)
        os.waitpid(pid, 0)


def by_work():
    pass


if __name__ == "__main__":
    LOG = sys.argv[2]
    if sys.argv[1] in ("fork", "spawn", "forkserver"):
        by_pool(sys.argv[1])
    else:
        globals()["by_" + sys.argv[1]]()
    work()
    sys.exit(5)
