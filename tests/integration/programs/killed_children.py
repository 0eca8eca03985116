"""Children that are killed, crash or exit, started and waited for in several ways.

Prints a JSON list of [pid, how it ended] as this program sees it.
"""
import json
import multiprocessing
import os
import signal
import subprocess
import sys

PYTHON = os.environ["TEST_PYTHON"]
SCRIPT = os.path.abspath(__file__)
# The signal that ends a child; None: it exits with status 3.
ENDS = (signal.SIGKILL, signal.SIGSEGV, None)


def end(number):
    if number is None:
        os._exit(3)
    os.kill(os.getpid(), number)


def in_words(returncode):
    """Of a Popen's, or a Process's: -N for signal N."""
    return "exit status %d" % returncode if returncode >= 0 else "signal %d" % -returncode


def by_subprocess(number):
    child = subprocess.Popen([PYTHON, SCRIPT, str(int(number or 0))])
    return child.pid, in_words(child.wait())


def by_multiprocessing(number):
    child = multiprocessing.get_context("fork").Process(target=end, args=(number,))
    child.start()
    child.join()
    return child.pid, in_words(child.exitcode)


def forked(wait, number):
    """`wait` gives the child's status as waitpid does."""
    pid = os.fork()
    if pid == 0:
        end(number)
    status = wait(pid)
    returncode = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return pid, in_words(returncode)


def by_waitid(number):
    pid = os.fork()
    if pid == 0:
        end(number)
    info = os.waitid(os.P_PID, pid, os.WEXITED)
    return info.si_pid, in_words(info.si_status * (1 if info.si_code == os.CLD_EXITED else -1))


def main():
    ends = []
    for number in ENDS:
        ends.append(by_subprocess(number))
        ends.append(by_multiprocessing(number))
        ends.append(forked(lambda pid: os.waitpid(pid, 0)[1], number))
        ends.append(forked(lambda pid: os.wait3(0)[1], number))
        ends.append(by_waitid(number))
    print(json.dumps(ends))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        end(int(sys.argv[1]) or None)
    main()
