"""Runs the suite's programs on one interpreter, bare and under lineprof, and reads what comes out."""

import collections
import json
import os
import subprocess
import tempfile
import time

import support

PROGRAMS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "programs")
PERIOD = 0.001
# CPU time beyond what the wanted samples take: start and end are not on a marked line.
SPARE = 1.15
# A run may take so much longer than its CPU time: other processes want the machine too.
MAX_SLOWDOWN = 20
# What drives the samples, and what the report calls it. `attach`: the program runs already, bare.
TIMER_NAMES = {"perf": "perf cpu-clock", "monotonic": "monotonic timer", "attach": "read from outside"}
ATTACH_TRIES = 100

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
            options = ["-q", "-s", str(PERIOD), "--clock", clock, "-o", out]
            words = self._words(program, arguments, seconds)
            if self.timer == "attach":
                truth = self._attach(options, words, seconds)
            else:
                options += ["--timer", self.timer, "--python", self.interpreter.path]
                truth = self._run([support.LINEPROF, *options, *words], seconds)
            with open(out, encoding="utf-8") as file:
                report = support.Report(file.read())
        if report.headers.get("Timer") != TIMER_NAMES[self.timer]:
            raise Failure("asked for the %s timer, got %r" % (self.timer, report.headers.get("Timer")))
        return Profiled(report, truth)

    @staticmethod
    def _words(program, arguments, seconds):
        return [program_path(program), "%g" % seconds, *arguments]

    def _attach(self, options, words, seconds):
        """The same with the program started first, and lineprof attached to it until it ends."""
        command = [self.interpreter.path, *words]
        environment = support.environment(PYTHONDONTWRITEBYTECODE="1")
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
            try:
                for _ in range(ATTACH_TRIES):  # until its Python is up
                    attach = [support.LINEPROF, "attach", str(process.pid), *options]
                    done = subprocess.run(attach, stderr=subprocess.PIPE, check=False)
                    if done.returncode == 0:
                        break
                    time.sleep(0.01)
                out, _ = process.communicate(timeout=30 + MAX_SLOWDOWN * seconds)
            finally:
                process.kill()
        if done.returncode != 0:
            raise Failure("%r: status %d: %s" % (attach, done.returncode, done.stderr.decode()))
        return json.loads(out.decode())

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
