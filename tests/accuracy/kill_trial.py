"""Kills a profiled program at random moments and compares its report with its own tally.

Prints, for each interpreter and timer, how far the two were apart: in time of the period, since up to one
period is used between the last sample and the end. Usage: kill_trial.py LINEPROF [KILLS] [SEED]
"""
import os
import random
import re
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import interpreters  # noqa: E402

PROGRAM = os.path.join(HERE, "..", "integration", "programs", "killed.py")
PERIOD = 0.001
TIMERS = ("perf", "monotonic")
TALLY = struct.Struct("qd")
LONGEST_SECONDS = 0.5
# Time and source of a line with hits.
ROW = re.compile(r"^ *\d+\| *[1-9]\d*\| *([^|]+)\|[^|]*\|[^|]*\|(.*)", re.MULTILINE)


def read_tally():
    with open("tally", "rb") as file:
        return TALLY.unpack(file.read())


def kill_after(lineprof, python, timer, delay):
    """The CPU time that the program says it used when it was killed, and what the report says."""
    with open("tally", "wb") as file:
        file.write(bytes(TALLY.size))
    command = [lineprof, "-q", "-s", str(PERIOD), "--timer", timer, "--clock", "cpu", "-o", "out.txt"]
    with subprocess.Popen([*command, "--python", python, PROGRAM, "tally"]) as process:
        while read_tally()[0] == 0:
            time.sleep(0.005)
        time.sleep(delay)
        os.kill(read_tally()[0], signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            sys.exit("lineprof ended with status %d" % process.returncode)
    with open("out.txt", encoding="utf-8") as file:
        part = file.read().partition("killed.py\nFile duration: ")[2].partition("\nFile: ")[0]
    # What stands in no function was used before the tally began.
    return read_tally()[1], sum(float(time) for time, source in ROW.findall(part) if source[0] == " ")


def main():
    lineprof = os.path.abspath(sys.argv[1])
    kills = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    moments = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
    ways = [(python, timer) for python in interpreters.found() for timer in TIMERS]
    apart = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        for i in range(kills):
            python, timer = ways[i % len(ways)]
            used, reported = kill_after(lineprof, python.path, timer, moments.uniform(0, LONGEST_SECONDS))
            apart[python, timer].append((used - reported) / PERIOD)
    print("%-9s %-10s %6s %8s %8s %8s  periods that the report has less than the tally" % (
        "python", "timer", "kills", "median", "least", "most"))
    for (python, timer), values in apart.items():
        if values:
            print("%-9s %-10s %6d %8.2f %8.2f %8.2f" % (
                "%d.%d.%d" % python.version, timer, len(values),
                statistics.median(values), min(values), max(values)))


if __name__ == "__main__":
    main()
