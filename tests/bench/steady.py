"""What sampling costs a program that runs on and on: its speed with and without, in turn, within one run.

Runs of their own, as bench.py's, differ by more than sampling costs wherever others use the machine too. Here
ticks go on and off several times a second (--toggle-signal; the floor of empty_handler.c has the same), and
each stretch with them is compared with its two neighbours without. What a run costs once is not in this.
With `--timer attach` the ticks are a lineprof's that comes and goes, and looks from outside; it has no floor.
"""
import argparse
import itertools
import json
import math
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import interpreters  # noqa: E402

PROGRAMS = ["nbody", "fib", "loop", "methods", "c_heavy"]
TIMERS = ["perf", "monotonic", "attach"]
STRETCH = 0.4  # seconds
SETTLE = 0.1  # after a change: the agent heeds it within 50 ms
START = 0.3


class AttachToggle:
    """Attaches a lineprof to a process, and ends it, in turn."""

    def __init__(self, lineprof):
        self.command = [lineprof, "-q", "-s", "0.001", "-o", os.devnull, "-p"]
        self.running = None

    def __call__(self, process):
        if self.running is None:
            self.running = subprocess.Popen([*self.command, str(process.pid)])
        else:
            self.running.send_signal(signal.SIGINT)
            if self.running.wait() != 0:
                sys.exit("lineprof -p ended with status %d" % self.running.returncode)
            self.running = None


def send_toggle(process):
    process.send_signal(signal.SIGUSR2)


def parts_of(command, env, seconds, toggle=send_toggle):
    """Runs a command that prints steady.py's output, toggling it; (times of the toggles, ends of the parts)."""
    process = subprocess.Popen(command, env={**os.environ, **env}, stdout=subprocess.PIPE)
    time.sleep(START)
    toggles = []
    for _ in range(int(seconds / STRETCH) // 2 * 2):
        toggle(process)
        toggles.append(time.monotonic())
        time.sleep(STRETCH)
    output = process.communicate()[0]
    if process.returncode != 0:
        sys.exit("%s ended with status %d" % (command[0], process.returncode))
    return toggles, json.loads(output)


def costs_of(parts):
    """(wall, CPU) of a part, on average; None if there are too few to tell."""
    count = len(parts) - 1
    return [(last - first) / count for first, last in zip(parts[0], parts[-1])] if count >= 5 else None


def slowdowns(toggles, parts, first_on=1):
    """Ratios of wall and of CPU time, of each stretch with ticks to its neighbours without.

    `first_on`: the first such stretch that has two; the one after the first toggle is stretch 0."""
    stretches = [
        costs_of([part for part in parts if begin + SETTLE <= part[0] <= end])
        for begin, end in itertools.pairwise(toggles)
    ]
    triples = [stretches[i - 1 : i + 2] for i in range(first_on, len(stretches) - 1, 2)]
    whole = [triple for triple in triples if None not in triple]
    return [[on[what] / ((before[what] + after[what]) / 2) for before, on, after in whole] for what in (0, 1)]


def measure(options, floor_library, python, timer, program):
    script = [os.path.join(HERE, "programs", "steady.py"), program, str(options.seconds + START + 0.5)]
    lineprof = os.path.join(options.build, "bin", "lineprof")
    if timer == "attach":
        toggle = AttachToggle(lineprof)
        attached = slowdowns(*parts_of([python, *script], {}, options.seconds, toggle), first_on=2)
        return attached, [[math.nan], [math.nan]]
    lineprof = [lineprof, "-q", "-s", "0.001", "-o", os.devnull]
    lineprof += ["--timer", timer, "--toggle-signal", "SIGUSR2", "--", python]
    floor = {"LD_PRELOAD": floor_library, "LINEPROF_FLOOR": "1000000," + timer}
    return [
        slowdowns(*parts_of([*lineprof, *script], {}, options.seconds)),
        slowdowns(*parts_of([python, *script], floor, options.seconds)),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True, help="a CMake build folder")
    parser.add_argument("--python", action="append", help="an interpreter (all that are found)")
    parser.add_argument("--timer", action="append", choices=TIMERS, help="all by default")
    parser.add_argument("--program", action="append", choices=PROGRAMS, help="all by default")
    parser.add_argument("--seconds", type=float, default=12, help="of each program, each way")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        library = os.path.join(scratch, "floor.so")
        source = os.path.join(HERE, "empty_handler.c")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        print("%-9s %-10s %-8s %10s %10s %10s %10s" % (
            "python", "timer", "program", "wall", "floor wall", "cpu", "floor cpu"))
        for python in options.python or [found.path for found in interpreters.found()]:
            version = "%d.%d.%d" % interpreters.probe(python).version
            for timer in options.timer or TIMERS:
                for program in options.program or PROGRAMS:
                    (wall, cpu), (floor_wall, floor_cpu) = measure(options, library, python, timer, program)
                    figures = [statistics.median(each) for each in (wall, floor_wall, cpu, floor_cpu)]
                    print("%-9s %-10s %-8s %10.3f %10.3f %10.3f %10.3f" % (
                        version, timer, program, *figures), flush=True)


if __name__ == "__main__":
    main()
