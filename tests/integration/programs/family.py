"""Works, and lets two children work, started in the way that its argument names.

Prints what the parent and the children used, and how the children ended.
"""
import ctypes
import json
import multiprocessing
import os
import subprocess
import sys
import threading
import time

import worker

PYTHON = os.environ["TEST_PYTHON"]  # sys.executable is of no use under a wrapper script
SECONDS = 0.25
CHILDREN = 2
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker.py")


def own_work():
    began = time.thread_time()
    while time.thread_time() < began + SECONDS:
        sum(range(4000))  # parent
    return time.thread_time() - began


def by_subprocess(**options):
    command = [PYTHON, SCRIPT, str(SECONDS)]
    pipe = subprocess.PIPE
    children = [subprocess.Popen(command, stdout=pipe, **options) for _ in range(CHILDREN)]
    return [json.loads(child.communicate()[0]) for child in children]


def by_preexec():
    """preexec_fn makes subprocess fork where it would vfork."""
    return by_subprocess(preexec_fn=lambda: None)


def by_cleared_environment():
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return by_subprocess(env=kept)


def by_spawned_with_cleared_environment():
    children = []
    for _ in range(CHILDREN):
        reader, writer = os.pipe()
        to_pipe = [(os.POSIX_SPAWN_DUP2, writer, 1)]
        pid = os.posix_spawn(PYTHON, [PYTHON, SCRIPT, str(SECONDS)], {}, file_actions=to_pipe)
        os.close(writer)
        children.append((pid, reader))
    return results(children)


def results(children):
    """What the children with these (pid, pipe) have written, once they have ended well."""
    used = []
    for pid, reader in children:
        assert os.waitpid(pid, 0)[1] == 0
        used.append(json.loads(os.read(reader, 100)))
    return used


def by_fork(fork=os.fork):
    children = []
    for _ in range(CHILDREN):
        reader, writer = os.pipe()
        pid = fork()
        if pid == 0:
            os.write(writer, json.dumps(worker.work(SECONDS)).encode())
            os._exit(0)
        os.close(writer)
        children.append((pid, reader))
    return results(children)


def by_c_fork():
    """As C code does that embeds Python and goes on with it in the child."""
    python = ctypes.PyDLL(None)

    def fork():
        python.PyOS_BeforeFork()
        pid = python.fork()
        if pid == 0:
            python.PyOS_AfterFork_Child()
        else:
            python.PyOS_AfterFork_Parent()
        return pid

    return by_fork(fork)


def by_fork_in_thread():
    """fork() in a thread, while others run."""
    used = []
    busy = threading.Thread(target=own_work)
    forking = threading.Thread(target=lambda: used.extend(by_fork()))
    for thread in (busy, forking):
        thread.start()
    for thread in (busy, forking):
        thread.join()
    return used


def by_exec():
    """Forks, and the child becomes another Python."""
    children = []
    for _ in range(CHILDREN):
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.dup2(writer, 1)
            os.execv(PYTHON, [PYTHON, SCRIPT, str(SECONDS)])
        os.close(writer)
        children.append((pid, reader))
    return results(children)


def by_posix_spawn():
    children = []
    for _ in range(CHILDREN):
        reader, writer = os.pipe()
        actions = [(os.POSIX_SPAWN_DUP2, writer, 1)]
        command = [PYTHON, SCRIPT, str(SECONDS)]
        pid = os.posix_spawn(PYTHON, command, os.environ, file_actions=actions)
        os.close(writer)
        children.append((pid, reader))
    return results(children)


def by_pool(method):
    context = multiprocessing.get_context(method)
    context.set_executable(PYTHON)
    with context.Pool(CHILDREN) as pool:
        return pool.map(worker.work, [SECONDS] * CHILDREN, chunksize=1)


def by_multiprocessing_fork():
    return by_pool("fork")


def by_multiprocessing_spawn():
    return by_pool("spawn")


def by_multiprocessing_forkserver():
    return by_pool("forkserver")


if __name__ == "__main__":
    children = globals()["by_" + sys.argv[1]]()
    print(json.dumps({"parent": own_work(), "children": children}))
