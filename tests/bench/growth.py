"""What a sample costs, in microseconds of CPU time, as a program grows: by threads, stack depth and lines; as it runs
on; and as the rate grows.

Measured within runs, as steady.py does, and beside the same timer with a handler that does nothing. The process's
CPU time counts, and so what lineprof's own thread takes of it.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import interpreters  # noqa: E402

import steady  # noqa: E402

RATE = 5000
SIZES = {
    "threads": [1, 10, 100, 500],
    "depth": [1, 10, 100, 1000],
    "lines": [100, 1000, 10_000, 100_000, 1_000_000],
    "seconds": [1, 10, 100],
    "rate": [500, 1000, 5000, 10_000, 20_000],
}
SETTLE_SECONDS = {"lines": 1 / 20_000}  # for each: the program needs it to begin


def cost_us(parts, rate, first_on=1):
    """Median CPU time of a sample."""
    ratio = statistics.median(steady.slowdowns(*parts, first_on)[1])
    return (ratio - 1) / (ratio * rate) * 1e6


def commands(options, floor_library, timer, kind, size, seconds):
    """(command, environment) of the program under lineprof and under the floor."""
    rate = size if kind == "rate" else RATE
    program = (kind, size) if kind in ("threads", "depth", "lines") else ("depth", 1)
    script = [os.path.join(HERE, "programs", "growing.py"), *map(str, program), str(seconds)]
    lineprof = [os.path.join(options.build, "bin", "lineprof"), "-q", "-r", str(rate), "-o", os.devnull]
    lineprof += ["--timer", timer, "--toggle-signal", "SIGUSR2", "--"]
    floor = {"LD_PRELOAD": floor_library, "LINEPROF_FLOOR": "%d,%s" % (1e9 / rate, timer)}
    return rate, ([*lineprof, options.python, *script], {}), ([options.python, *script], floor)


def measure(options, floor_library, timer, kind, size):
    """Of lineprof and of the floor; in "seconds", of the stretches from that second on."""
    begin = SETTLE_SECONDS.get(kind, 0) * size
    first_on = 1
    seconds = options.seconds
    if kind == "seconds":
        seconds += size
        first_on = int(size / steady.STRETCH) // 2 * 2 + 1
    rate, *both = commands(options, floor_library, timer, kind, size, begin + seconds + 1)
    return [
        cost_us(steady.parts_of(command, env, seconds, start=steady.START + begin), rate, first_on)
        for command, env in both
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True, help="a CMake build folder")
    parser.add_argument("--python", default=interpreters.found()[0].path, help="an interpreter (the first found)")
    parser.add_argument("--timer", action="append", choices=steady.TIMERS[:2], help="perf by default")
    parser.add_argument("--kind", action="append", choices=SIZES, help="all by default")
    parser.add_argument("--seconds", type=float, default=12, help="of each program, each way")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        library = steady.build_floor(scratch)
        print("| | timer | size | a sample | floor | more |\n|---|---|---|---|---|---|")
        for kind in options.kind or SIZES:
            for timer in options.timer or ["perf"]:
                for size in SIZES[kind]:
                    ours, floor = measure(options, library, timer, kind, size)
                    print("| %s | %s | %s | %.1f us | %.1f us | %.1f us |" % (
                        kind, timer, format(size, ","), ours, floor, ours - floor), flush=True)


if __name__ == "__main__":
    main()
