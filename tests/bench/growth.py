"""What lineprof's own code costs for each sample as a program grows: by threads, stack depth and lines; as it runs on;
and as the rate grows.

perf(1) tells how much of the CPU time is in the agent's code, in the program's threads (that is the handler), and in the
watcher. So the timer's interrupt and the signal are not in it, which cost the same whatever the handler does
(steady.py's floor), and on a virtual machine differ by more than what is asked here.
"""
import argparse
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import interpreters  # noqa: E402

RATE = 5000
PERF_RATE = 4999
SIZES = {
    "threads": [1, 10, 100, 500],
    "depth": [1, 10, 100, 1000],
    "lines": [100, 1000, 10_000, 100_000, 1_000_000],
    "seconds": [1, 10, 100],
    "rate": [500, 1000, 5000, 10_000, 20_000],
}
WATCHER = "lineprof"  # the thread's name


def perf_samples(data):
    """Of the program's process: samples of (thread's name, whether they are in the agent)."""
    command = ["perf", "script", "-i", data, "-F", "comm,pid,ip,dso"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    by_process = collections.defaultdict(collections.Counter)
    for line in output.splitlines():
        match = re.match(r"\s*(\S.*?)\s+(\d+)\s+[0-9a-f]+ \((.*)\)", line)
        if match:
            by_process[match[2]][match[1], "liblineprof_agent" in match[3]] += 1
    return max(by_process.values(), key=lambda found: found.total())


def measure(options, timer, kind, size, scratch):
    """(samples, CPU seconds of the handler, CPU seconds of the watcher, wall seconds)."""
    rate = size if kind == "rate" else RATE
    seconds = size if kind == "seconds" else options.seconds
    program = [kind, size] if kind in ("threads", "depth", "lines") else ["depth", 1]
    script = [os.path.join(HERE, "programs", "growing.py"), *map(str, program), str(seconds)]
    report = os.path.join(scratch, "report.txt")
    data = os.path.join(scratch, "perf.data")
    lineprof = [os.path.join(options.build, "bin", "lineprof"), "-q", "-r", str(rate), "-o", report]
    perf = ["perf", "record", "-q", "-e", "cpu-clock", "-F", str(PERF_RATE), "-o", data, "--"]
    command = [*perf, *lineprof, "--timer", timer, "--", options.python, *script]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(report, encoding="utf-8") as file:
        head = file.read(100_000)
    samples = int(re.search(r"^Samples on CPU: (\d+)", head, re.M)[1])
    duration = float(re.search(r"^Total duration: ([\d.e+]+)s", head, re.M)[1])
    found = perf_samples(data)
    watcher = (found[WATCHER, True] + found[WATCHER, False]) / PERF_RATE
    handler = sum(count for (name, is_agent), count in found.items() if is_agent and name != WATCHER) / PERF_RATE
    return samples, handler, watcher, duration


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True, help="a CMake build folder")
    parser.add_argument("--python", default=interpreters.found()[0].path, help="an interpreter (the first found)")
    parser.add_argument("--timer", default="perf", choices=["perf", "monotonic"])
    parser.add_argument("--kind", action="append", choices=SIZES, help="all by default")
    parser.add_argument("--seconds", type=float, default=8, help="of each program")
    options = parser.parse_args()
    if shutil.which("perf") is None:
        sys.exit("growth.py: no perf: it is in Debian's linux-perf")
    print("| | size | samples | handler, a sample | watcher |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        for kind in options.kind or SIZES:
            for size in SIZES[kind]:
                samples, handler, watcher, duration = measure(options, options.timer, kind, size, scratch)
                print("| %s | %s | %d | %.2f us | %.2f %% of a core |" % (
                    kind, format(size, ","), samples, handler / samples * 1e6, watcher / duration * 100), flush=True)


if __name__ == "__main__":
    main()
