"""Runs the suite's programs on one interpreter, bare and under lineprof, and reads what comes out."""

import collections
import json
import os
import subprocess
import tempfile

import support

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")
PERIOD = 0.001
# CPU time beyond what the wanted samples take: start and end are not on a marked line.
SPARE = 1.15
# A run may take so much longer than its CPU time: other processes want the machine too.
MAX_SLOWDOWN = 20
TIMER_NAMES = {"perf": "perf cpu-clock", "monotonic": "monotonic timer"}

# truth: part -> {"wall": seconds, "cpu": seconds}, as the program timed itself in this very run.
Profiled = collections.namedtuple("Profiled", "report truth")


class Failure(Exception):
    """A run gave nothing to judge; the text says why."""


def program_path(name):
    return os.path.join(PROGRAMS, name + ".py")


class Subject:
    """One interpreter under one timer; a run is long enough for `samples` samples."""

    def __init__(self, interpreter, timer, samples):
        self.interpreter = interpreter
        self.timer = timer
        self.samples = samples

    def seconds(self, stretch=1.0):
        return self.samples * PERIOD * SPARE * stretch

    def bare(self, program, arguments, seconds):
        """The parts' own times in an unprofiled run."""
        return self._run([self.interpreter.path, *self._words(program, arguments, seconds)], seconds)

    def profile(self, program, arguments, clock, seconds):
        with tempfile.TemporaryDirectory(prefix="lineprof-accuracy-") as directory:
            out = os.path.join(directory, "out.txt")
            options = ["-q", "-s", str(PERIOD), "--clock", clock, "--timer", self.timer, "-o", out]
            options += ["--python", self.interpreter.path]
            words = self._words(program, arguments, seconds)
            truth = self._run([support.LINEPROF, *options, *words], seconds)
            with open(out, encoding="utf-8") as file:
                report = support.Report(file.read())
        if report.headers.get("Timer") != TIMER_NAMES[self.timer]:
            raise Failure("asked for the %s timer, got %r" % (self.timer, report.headers.get("Timer")))
        return Profiled(report, truth)

    @staticmethod
    def _words(program, arguments, seconds):
        return [program_path(program), "%g" % seconds, *arguments]

    @staticmethod
    def _run(command, seconds):
        environment = support.environment(PYTHONDONTWRITEBYTECODE="1")
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=30 + MAX_SLOWDOWN * seconds,
                env=environment,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Failure("%r did not end" % (command,)) from None
        if done.returncode != 0:
            raise Failure("%r: status %d: %s" % (command, done.returncode, done.stderr.decode()))
        return json.loads(done.stdout.decode())
