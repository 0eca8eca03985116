"""Attaches to, dumps and tops one program many times, while half of the lineprofs are killed.

A CPU-bound program runs all the while (tests/integration/programs/attached.py). In each cycle lineprof
looks at it: attach, dump --watch, or top on a terminal of its own; after a random moment it is ended, in
every other cycle by SIGKILL. The program must never be traced or stopped, and end with its own right
result. Prints a line for each interpreter; exit status 1 if a program was harmed.
"""

import argparse
import json
import os
import pty
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import interpreters  # noqa: E402
import support  # noqa: E402

# The word after lineprof, and what ends it where it is not killed: a signal, or keys.
WAYS = {
    "attach": (["attach", "PID", "-s", "0.001", "-qo", os.devnull], signal.SIGINT),
    "dump": (["dump", "PID", "--locals", "--watch", "0.05"], signal.SIGINT),
    "top": (["top", "--interval", "0.1", "PID"], b"q"),
}
LATEST_SECONDS = 0.5  # in a cycle, that lineprof is ended
AGAIN_SECONDS = 0.3


class Harmed(Exception):
    """The program is not as it would be without lineprof; the text says how."""


def read_all(terminal, until):
    """Throws away what comes until the moment; whether lineprof has the terminal still."""
    while select.select([terminal], [], [], max(until - time.monotonic(), 0))[0]:
        try:
            os.read(terminal, 65536)
        except OSError:  # EIO: it is gone
            return False
    return True


def run_cycle(pid, way, is_killed, seconds, directory):
    """One lineprof, ended after so many seconds; its status."""
    words, ending = WAYS[way]
    command = [support.LINEPROF, *(str(pid) if word == "PID" else word for word in words)]
    terminal, its_end = pty.openpty()
    env = support.environment(TERM="xterm", XDG_RUNTIME_DIR=directory)
    lineprof = subprocess.Popen(
        command, stdin=its_end, stdout=its_end, stderr=its_end, env=env, start_new_session=True
    )
    os.close(its_end)
    moment = time.monotonic() + seconds
    while read_all(terminal, moment):
        if is_killed:
            lineprof.kill()
        elif isinstance(ending, bytes):
            os.write(terminal, ending)
        else:
            lineprof.send_signal(ending)
        # Keys that come before the screen is taken are lost.
        moment = time.monotonic() + AGAIN_SECONDS
    os.close(terminal)
    return lineprof.wait(support.TIMEOUT_SECONDS)


def check_untouched(process):
    if process.poll() is not None:
        raise Harmed("it ended with status %d" % process.returncode)
    with open("/proc/%d/status" % process.pid, encoding="utf-8") as status:
        facts = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
    if facts["TracerPid"] != "0" or facts["State"][0] in "tTZ":
        raise Harmed("it is in state %s, traced by %s" % (facts["State"], facts["TracerPid"]))


def check_result(process):
    out, _ = process.communicate(b"\n", timeout=support.TIMEOUT_SECONDS)
    if process.returncode != 0:
        raise Harmed("it ended with status %d" % process.returncode)
    said = json.loads(out.decode())
    checksum, term = 0, sum(range(3000))
    for _ in range(said["rounds"]):
        checksum = (checksum * 31 + term) % 1000003
    if checksum != said["checksum"]:
        raise Harmed("its result is wrong: %r" % said)
    return said["rounds"]


def torture(python, cycles, chance):
    """One program through all cycles; the line to print."""
    directory = tempfile.mkdtemp(prefix="lineprof-cycles-")
    command = [python, support.program("attached.py")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    done = dict.fromkeys(WAYS, 0)
    killed = 0
    unexpected = []
    try:
        process.stdout.readline()
        for cycle in range(cycles):
            way = list(WAYS)[cycle % len(WAYS)]
            is_killed = cycle // len(WAYS) % 2 == 0
            seconds = chance.uniform(0, LATEST_SECONDS)
            status = run_cycle(process.pid, way, is_killed, seconds, directory)
            done[way] += 1
            killed += status == -signal.SIGKILL
            if status not in (0, -signal.SIGKILL, -signal.SIGINT, 128 + signal.SIGINT):
                unexpected.append("%s: status %d after %.3f s" % (way, status, seconds))
            check_untouched(process)
        rounds = check_result(process)
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(directory)
    ways = ", ".join("%d %s" % (count, way) for way, count in done.items())
    line = "%d cycles (%s), %d lineprofs killed, %d rounds, result right"
    return "\n".join([line % (cycles, ways, killed, rounds), *unexpected]), not unexpected


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--python", action="append", help="an interpreter (all that are found)")
    parser.add_argument("--cycles", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1, help="of the random moments")
    options = parser.parse_args()
    pythons = options.python or [found.path for found in interpreters.found()]
    failed = False
    for python in pythons:
        try:
            text, is_good = torture(python, options.cycles, random.Random(options.seed))
        except Harmed as harmed:
            text, is_good = "HARMED: %s" % harmed, False
        failed = failed or not is_good
        print("%s: %s" % (python, text), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
