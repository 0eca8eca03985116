"""What sampling and counting cost. See README.md beside this file."""
import argparse
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "integration"))
import interpreters  # noqa: E402
import packages  # noqa: E402

PROGRAMS = ["nbody", "fib", "loop", "methods", "c_heavy"]
TIMERS = ["perf", "monotonic"]
# Programs of the trace suite and their sizes: rivals take a hundred times as long as the program.
TRACED_PROGRAMS = {"loop": "0.1", "fib": "0.2", "methods": "0.1", "c_heavy": "1"}
# One cold module costs next to nothing: only long runs can tell.
COLD_SCALE = {"loop": "0.6", "fib": "0.8", "methods": "0.8", "c_heavy": "0.8"}
# Modules run with -m, and what stands before the script; SCRIPT is its path once more.
RIVALS = {"cProfile": ["cProfile", "-o", os.devnull], "pprofile": ["pprofile", "-o", os.devnull],
          "line_profiler": ["kernprof", "-l", "-q", "-o", os.devnull, "-p", "SCRIPT"]}
SLOW_RIVALS = ("pprofile", "line_profiler")
COLD_MODULE = "cold_module"
PROPORTIONAL_ROUNDS = 400
COUNTING = ("trace", "cold", "events", "proportions")  # suites of the deterministic mode


class Bench:
    def __init__(self, build, pairs, scale, rivals, scratch):
        self.scale = scale
        self.build = build
        self.wanted_rivals = rivals
        self.lineprof = os.path.join(build, "bin", "lineprof")
        self.pairs = pairs
        self.scratch = scratch
        self.report = os.path.join(scratch, "report.txt")
        self.floor_library = self.compiled("empty_handler")

    def run(self, command, env=None):
        """Runs a command; gives (wall seconds, CPU seconds of it and its children, output)."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        done = subprocess.run(command, env={**os.environ, **(env or {})}, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=True)
        wall = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return wall, cpu, done.stdout.decode()

    def profiled(self, python, period, timer, arguments):
        return [self.lineprof, "-q", "-s", str(period), "--timer", timer, "-o", self.report, "--",
                python, *arguments]

    def floor(self, timer):
        """The environment in which a program runs with an empty handler, at 1 kHz."""
        return {"LD_PRELOAD": self.floor_library, "LINEPROF_FLOOR": "1000000,%s" % timer}

    def header(self, name):
        with open(self.report, encoding="utf-8") as report:
            for line in report:
                if line.startswith("File:"):
                    break
                if line.startswith(name + ": "):
                    return line[len(name) + 2:].strip()
        return None

    def cost(self, python, timer):
        """Wall and CPU time of each program: lineprof and the floor over bare, interleaved."""
        rows = []
        for program in PROGRAMS:
            script = os.path.join(HERE, "programs", program + ".py")
            bare = [python, script, str(self.scale)]
            profiled = self.profiled(python, 0.001, timer, bare[1:])
            walls, floors, extra, floor_extra = [], [], [], []
            self.run(bare)
            for _ in range(self.pairs):
                b, p, f = self.run(bare), self.run(profiled), self.run(bare, self.floor(timer))
                walls.append(p[0] / b[0])
                floors.append(f[0] / b[0])
                extra.append((p[1] - b[1]) / b[1])
                floor_extra.append((f[1] - b[1]) / b[1])
            rows.append({"program": program, "wall": statistics.median(walls),
                         "floor wall": statistics.median(floors),
                         "extra cpu %": 100 * statistics.median(extra),
                         "floor extra cpu %": 100 * statistics.median(floor_extra)})
        return rows

    def trace(self, python, _):
        """Counting every line: CPU time over bare of lineprof, of the same events with empty callbacks, and of
        rivals where this interpreter has them."""
        floor_env = {"LD_PRELOAD": self.compiled("empty_callback"), "LINEPROF_FLOOR": "1"}
        rivals = self.rivals(python)
        rows = []
        for program, scale in TRACED_PROGRAMS.items():
            script = [os.path.join(HERE, "programs", program + ".py"), str(float(scale) * self.scale)]
            ways = {"lineprof": ([*self.counted(python), *script], None),
                    "empty": ([python, *script], floor_env)}
            for rival, (arguments, env) in rivals.items():
                arguments = [script[0] if each == "SCRIPT" else each for each in arguments]
                ways[rival] = ([python, "-m", *arguments, *script], env)
            row = {"program": program, **self.over_bare([python, *script], ways)}
            row["of empty's extra"] = (row["lineprof"] - 1) / max(row["empty"] - 1, 0.01)
            rows.append(row)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        return [{column: row.get(column, "") for column in columns} for row in rows]

    def cold(self, python, _):
        """Counting one module that is not used: CPU time over bare, of programs of a second or more."""
        rows = []
        for program, scale in COLD_SCALE.items():
            script = [os.path.join(HERE, "programs", program + ".py"), scale]
            ways = {"cold": ([*self.counted(python), "--include", COLD_MODULE, *script], None)}
            rows.append({"program": program, **self.over_bare([python, *script], ways)})
        return rows

    def events(self, python, _):
        """Size of the recording of a run of two million events and of one of twenty million."""
        code = "def f(n):\n    while n:\n        n -= 1\nf(%d)"
        rows = []
        for rounds in (1_000_000, 10_000_000):
            size, _ = self.recording_size(
                [python, "-c", code % rounds],
                "period_ns=1000000;watch_waiting=1;main_thread_only=0;signal=0;timer=auto;trace=1;"
                "filtered=0;named=0;decorated=0;verbose=0;launcher=0;directory=")
            rows.append({"events": 2 * rounds, "recording KB": size / 1024})
        return rows

    def proportions(self, python, _):
        """Times of counted functions over those without lineprof: the same for all where proportions are true.
        Spread is of all but the late loop: the largest over the least."""
        script = os.path.join(HERE, "programs", "proportions.py")
        runs, spreads = [], []
        for _ in range(self.pairs):
            printed = self.run([python, script, str(3 * PROPORTIONAL_ROUNDS), "timed"])[2]
            self.run([*self.counted(python), script, str(PROPORTIONAL_ROUNDS)])
            with open(self.report, encoding="utf-8") as report:
                text = report.read()
            ratios = {}
            for way, microseconds in (line.split() for line in printed.splitlines()):
                call = re.search(r"^\(call\)\| *\d+\|[^|]+\| *([-.e\d]+)\|.* (\S+\.)?%s$" % way, text, re.M)
                ratios[way] = 1e6 * float(call[1]) / float(microseconds)
            runs.append(ratios)
            judged = [ratio for way, ratio in ratios.items() if way != "late_loop"]
            spreads.append(max(judged) / max(min(judged), 0.001))
        row = {way: statistics.median(run[way] for run in runs) for way in runs[0]}
        return [{**row, "spread": statistics.median(spreads), "worst spread": max(spreads)}]

    def counted(self, python):
        return [self.lineprof, "-q", "-o", self.report, "--python", python]

    def over_bare(self, bare, ways):
        """CPU time of each way over that of `bare`: medians of runs that alternate. Rivals that take minutes are
        no close call: once."""
        ratios = {way: [] for way in ways}
        for pair in range(self.pairs):
            base = self.run(bare)[1]
            for way, (command, env) in ways.items():
                if pair == 0 or way not in SLOW_RIVALS:
                    ratios[way].append(self.run(command, env)[1] / base)
        return {way: statistics.median(each) for way, each in ratios.items()}

    def rivals(self, python):
        """Rival -> (arguments, environment), of those that this interpreter has or can be given."""
        found = {}
        for rival in self.wanted_rivals:
            arguments = RIVALS[rival]
            if self.has_module(python, arguments[0]):
                found[rival] = (arguments, None)
            elif rival != "cProfile":
                folder, complaint = self.installed(rival), None
                if folder is None:
                    folder, complaint = packages.fetched(rival, interpreters.probe(python), self.build)
                if folder is None:
                    print("  without %s: %s" % (rival, complaint), flush=True)
                else:
                    found[rival] = (arguments, {"PYTHONPATH": folder})
        return found

    def installed(self, package):
        """A folder with a copy of Debian's package alone, which other interpreters can have too; None without it."""
        source = os.path.join("/usr/lib/python3/dist-packages", package)
        folder = os.path.join(self.scratch, package)
        if os.path.isdir(source) and not os.path.exists(folder):
            shutil.copytree(source, os.path.join(folder, package), ignore=shutil.ignore_patterns("__pycache__"))
        return folder if os.path.exists(folder) else None

    def compiled(self, name):
        library = os.path.join(self.scratch, name + ".so")
        if not os.path.exists(library):
            source = os.path.join(HERE, name + ".c")
            subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        return library

    @staticmethod
    def has_module(python, name):
        return subprocess.run([python, "-c", "import " + name], stderr=subprocess.DEVNULL, check=False
                              ).returncode == 0

    def rate(self, python, timer):
        """Samples delivered of samples asked, on CPU-bound code."""
        rows = []
        for period in (0.001, 0.0001):
            script = os.path.join(HERE, "programs", "loop.py")
            shares = []
            for _ in range(self.pairs):
                self.run(self.profiled(python, period, timer, [script, "0.5"]))
                delivered = float(self.header("Rate delivered").split()[0])
                shares.append(100 * delivered * period)
            rows.append({"period": period, "delivered %": statistics.median(shares),
                         "least %": min(shares)})
        return rows

    def idle(self, python, timer):
        """Speed of a busy thread beside 200 blocked ones, over bare (the floor samples the busy thread
        only), and blocking calls that returned early."""
        script = os.path.join(HERE, "programs", "idle_threads.py")
        bare = [python, script, "200", "2"]
        profiled = self.profiled(python, 0.001, timer, bare[1:])
        speeds, floors, early = [], [], 0
        for _ in range(self.pairs):
            b, p, f = (self.run(command, env)[2].split() for command, env in
                       ((bare, None), (profiled, None), (bare, self.floor(timer))))
            speeds.append(float(p[0]) / float(b[0]))
            floors.append(float(f[0]) / float(b[0]))
            early += int(p[1])
        return [{"speed": statistics.median(speeds), "floor speed": statistics.median(floors),
                 "early returns": early}]

    def start(self, python, timer):
        """Milliseconds that `-c pass` takes more."""
        bare = [python, "-c", "pass"]
        profiled = self.profiled(python, 0.001, timer, bare[1:])
        differences = []
        for _ in range(4 * self.pairs):
            b, p = self.run(bare), self.run(profiled)
            differences.append(1000 * (p[0] - b[0]))
        return [{"extra ms": statistics.median(differences)}]

    def growth(self, python, timer):
        """Size of the recording and of the program's memory of a run and of one ten times as long."""
        code = ("import resource, runpy, sys, time\n"
                "end = time.monotonic() + float(sys.argv[1])\n"
                "sys.argv = [sys.argv[2], '0.2']\n"
                "while time.monotonic() < end: runpy.run_path(sys.argv[0])\n"
                "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)")
        script = os.path.join(HERE, "programs", "fib.py")
        rows = []
        for seconds in ("10", "100"):
            size, printed = self.recording_size(
                [python, "-c", code, seconds, script],
                "period_ns=1000000;watch_waiting=1;main_thread_only=0;signal=0;timer=%s;directory=" % timer)
            rows.append({"seconds": seconds, "recording KB": size / 1024,
                         "program MB": int(printed) / 1024})
        return rows

    def recording_size(self, command, settings):
        """Bytes of a command's recording, and what it printed."""
        directory = tempfile.mkdtemp(dir=self.scratch)
        agent = os.path.join(os.path.dirname(self.lineprof), "..", "lib", "lineprof", "liblineprof_agent.so")
        printed = self.run(command, {"LD_PRELOAD": agent, "LINEPROF_SETTINGS": settings + directory})[2]
        size = sum(os.path.getsize(os.path.join(directory, name)) for name in os.listdir(directory))
        shutil.rmtree(directory)
        return size, printed


def show(title, rows):
    columns = list(rows[0])
    cells = [[("%.3f" % v if isinstance(v, float) else str(v)) for v in row.values()] for row in rows]
    widths = [max(len(c), *(len(row[i]) for row in cells)) for i, c in enumerate(columns)]
    print("\n" + title)
    for line in [columns] + cells:
        print("  " + "  ".join(text.rjust(width) for text, width in zip(line, widths)), flush=True)


def main():
    suites = ["cost", "rate", "idle", "start", "growth", "trace", "cold", "events", "proportions"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", default=os.environ.get("LINEPROF_BUILD"), help="a CMake build folder")
    parser.add_argument("--python", action="append", help="an interpreter (all that are found)")
    parser.add_argument("--only", default=",".join(suites), help="of: " + ",".join(suites))
    parser.add_argument("--timer", action="append", choices=TIMERS, help="both by default")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1, help="of the programs' work: 1 is seconds")
    parser.add_argument("--rivals", default=",".join(RIVALS), help="of trace; empty: none")
    parser.add_argument("--json")
    options = parser.parse_args()
    pythons = options.python or [found.path for found in interpreters.found()]
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(os.path.abspath(options.build), options.pairs, options.scale,
                      list(filter(None, options.rivals.split(","))), scratch)
        for suite in options.only.split(","):
            rows = []
            for python in pythons:
                version = re.sub(r"^Python ", "", subprocess.run(
                    [python, "--version"], stdout=subprocess.PIPE, check=True).stdout.decode().strip())
                for timer in (options.timer or TIMERS) if suite not in COUNTING else ["none"]:
                    for row in getattr(bench, suite)(python, timer):
                        rows.append({"python": version, "timer": timer, **row})
            show(suite + ": " + getattr(bench, suite).__doc__, rows)
            results.append({"suite": suite, "rows": rows})
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump(results, out, indent=1)


if __name__ == "__main__":
    main()
