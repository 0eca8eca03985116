"""Runs lineprof as its user does, and reads the reports that it writes.

LINEPROF_BUILD is the CMake build folder of the lineprof to test, by default build/release.
"""

import collections
import functools
import glob
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

import interpreters

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.abspath(os.environ.get("LINEPROF_BUILD", os.path.join(ROOT, "build", "release")))
LINEPROF = os.path.join(BUILD, "bin", "lineprof")
AGENT = os.path.join(BUILD, "lib", "lineprof", "liblineprof_agent.so")
# The interpreter of the tests, for those to which it does not matter which one it is.
PYTHON = os.path.realpath(sys.executable)
TIMEOUT_SECONDS = 60
TIMERS = ("perf", "monotonic")
# What the launcher tells the agent, without the directory (src/recording/settings.h).
SETTINGS = "period_ns=1000000;watch_waiting=1;main_thread_only=0;signal=0;timer=auto;directory="
PROGRAMS = os.path.join(ROOT, "tests", "integration", "programs")
NATIVE = os.path.join(ROOT, "tests", "integration", "native")

ROW = re.compile(
    r"^(?P<line>[ \d]{6}|\(call\))\|(?P<hits>[ \d]{10})\|(?P<time>.{13,}?)\|(?P<per_hit>.{13,}?)"
    r"\|(?P<percent>[ \d]{3,}\.\d\d)%\|(?P<source>.*)$"
)

# line: its number, or None for a (call) row; callee: the text after "# " of a (call) row, else None.
Row = collections.namedtuple("Row", "line hits time per_hit percent source callee")


# used: bytes of the recording's arena and what lies before it; size: of the file.
Recording = collections.namedtuple("Recording", "used size")


class Report:
    """A text report: `headers` (name -> value), `files` (name -> rows, in the report's order)."""

    def __init__(self, text):
        self.text = text
        self.headers = {}
        self.files = {}
        rows = None
        for line in text.split("\n"):
            match = ROW.match(line)
            if match:
                rows.append(self._row(match))
            elif line.startswith("File: "):
                rows = self.files.setdefault(line[len("File: ") :], [])
            elif rows is None and ": " in line:
                name, value = line.split(": ", 1)
                self.headers.setdefault(name, value)

    @staticmethod
    def _row(match):
        is_call = match["line"] == "(call)"
        return Row(
            None if is_call else int(match["line"]),
            int(match["hits"]),
            float(match["time"]),
            float(match["per_hit"]),
            float(match["percent"]),
            match["source"],
            match["source"][len("# ") :] if is_call else None,
        )

    def rows(self, file_ending):
        """The rows of the one file whose name ends so."""
        names = [name for name in self.files if name.endswith(file_ending)]
        if len(names) != 1:
            text = "files ending in %r: %r in\n%s" % (file_ending, names, self.text[:1000])
            raise AssertionError(text)
        return self.files[names[0]]

    def header_number(self, name):
        """The number that a header line begins with; 0 if there is no such line."""
        return float(re.match(r"[-+.e\d]*", self.headers.get(name, "0"))[0])

    def notes(self):
        return re.findall(r"^Note: (.*)$", self.text, re.MULTILINE)

    def marked(self, file_ending, mark):
        """The one row whose source ends in the comment `# mark`."""
        rows = [row for row in self.rows(file_ending) if row.source.endswith("# " + mark)]
        if len(rows) != 1:
            raise AssertionError("rows marked %r: %r" % (mark, rows))
        return rows[0]

    def seconds(self):
        """Self time of all lines."""
        return sum(row.time for rows in self.files.values() for row in rows if row.line is not None)


def run(arguments, lineprof=LINEPROF, **options):
    """Runs lineprof, or a copy of it; the result's stdout and stderr are bytes."""
    options.setdefault("stdin", subprocess.DEVNULL)
    options.setdefault("stdout", subprocess.PIPE)
    options.setdefault("stderr", subprocess.PIPE)
    options.setdefault("timeout", TIMEOUT_SECONDS)
    return subprocess.run([lineprof, *arguments], check=False, **options)


def environment(**changes):
    """This process's environment with changes; None removes a variable."""
    changed = {**os.environ, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def record(directory, python, *arguments, **options):
    """Runs an interpreter with the agent but without the launcher; returns its recording's path."""
    settings = "period_ns=1000000;watch_waiting=1;main_thread_only=0;signal=0;timer=auto;directory="
    env = environment(LD_PRELOAD=AGENT, LINEPROF_SETTINGS=settings + directory)
    options = {"env": env, "stdout": subprocess.DEVNULL, "timeout": TIMEOUT_SECONDS, **options}
    subprocess.run([python, *arguments], check=True, **options)
    names = os.listdir(directory)
    if len(names) != 1:
        raise AssertionError("recordings of one process: %r" % names)
    return os.path.join(directory, names[0])


def program(name):
    """The path of a profiled program."""
    return os.path.join(PROGRAMS, name)


@functools.lru_cache(maxsize=None)
def timer_works(timer):
    """Whether the kernel lets this user have the timer."""
    with tempfile.TemporaryDirectory() as directory:
        out = os.path.join(directory, "out.txt")
        code = "import time; time.sleep(0.2)"
        run(["-s", "0.001", "-qo", out, "--timer", timer, "--python", PYTHON, "-c", code])
        with open(out, encoding="utf-8") as file:
            return timer in Report(file.read()).headers.get("Timer", "")


def unsupported():
    """Where interpreters that lineprof is too young for may be."""
    return [
        os.path.join(path, "bin", "python")
        for path in sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/*")))
        if re.match(r"2\.|3\.[0-7]\.", os.path.basename(path))
    ]


def free_threaded():
    """The path of a free-threaded Python; None if there is none."""
    return next(filter(None, (shutil.which("python3.%dt" % minor) for minor in (13, 14, 15))), None)


def spread():
    """The oldest interpreter, one 3.11 and the newest: where it matters little which one it is."""
    found = interpreters.found()
    middle = [each for each in found if each.version[1] == 11][:1]
    chosen = [*found[:1], *middle, *found[-1:]]
    return tuple(each for i, each in enumerate(chosen) if each not in chosen[:i])


class TestCase(unittest.TestCase):
    """A test with a directory of its own, which its recordings go to as well."""

    def setUp(self):
        self.directory = tempfile.mkdtemp(prefix="lineprof-test-")
        self.addCleanup(shutil.rmtree, self.directory)
        self.recordings = self.path("recordings")
        os.mkdir(self.recordings)

    def path(self, name):
        return os.path.join(self.directory, name)

    def write(self, name, text, mode=0o644):
        """Writes a file into the test's directory; returns its path."""
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def environment(self, **changes):
        """The environment in which recordings go to self.recordings."""
        return environment(**{"XDG_RUNTIME_DIR": self.recordings, **changes})

    def lineprof(self, *arguments, **options):
        """Runs lineprof in the test's directory, by default on the tests' own interpreter."""
        options.setdefault("cwd", self.directory)
        options.setdefault("env", self.environment())
        return run(arguments, **options)

    def sample(self, *arguments, **options):
        """The same with -s 0.001 and the tests' interpreter."""
        return self.lineprof("-s", "0.001", "--python", PYTHON, *arguments, **options)

    def lineprof_for_all(self):
        """Copies lineprof to where other users reach it; returns its path."""
        directory = tempfile.mkdtemp(prefix="lineprof-copy-")
        self.addCleanup(shutil.rmtree, directory)
        os.chmod(directory, 0o755)
        for original in (LINEPROF, AGENT):
            copy = os.path.join(directory, os.path.relpath(original, BUILD))
            os.makedirs(os.path.dirname(copy))
            shutil.copy(original, copy)
        return os.path.join(directory, os.path.relpath(LINEPROF, BUILD))

    def native(self, name):
        """Compiles native/<name>.c; returns the path of the library."""
        library = self.path(name + ".so")
        source = os.path.join(NATIVE, name + ".c")
        command = ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source]
        subprocess.run([*command, "-pthread"], check=True)
        return library

    def need_timer(self, timer):
        if not timer_works(timer):
            self.skipTest("the kernel refuses the %s timer here" % timer)

    def profile(self, interpreter, name, *arguments, options=(), period="0.001", **run_options):
        """Profiles programs/<name>, or a path, on an interpreter.

        The program finds the interpreter's path in TEST_PYTHON: sys.executable is of no use where
        that is a wrapper script. Returns the finished process and the report.
        """
        script = name if os.path.isabs(name) else program(name)
        run_options.setdefault("env", self.environment(TEST_PYTHON=interpreter.path))
        done = self.lineprof(
            *["-s", period, "-o", "out.txt", "--python", interpreter.path, *options],
            *[script, *map(str, arguments)],
            **run_options,
        )
        return done, Report(self.read("out.txt"))

    def profiled(self, interpreter, name, *arguments, **run_options):
        """The same for a program that must succeed; returns what it printed, as JSON, and the report."""
        done, report = self.profile(interpreter, name, *arguments, **run_options)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return json.loads(done.stdout.decode() or "null"), report

    def record(self, interpreter, *arguments, settings=SETTINGS):
        """Runs an interpreter with the agent but without the launcher; looks at its recording."""
        directory = tempfile.mkdtemp(dir=self.directory)
        env = self.environment(LD_PRELOAD=AGENT, LINEPROF_SETTINGS=settings + directory)
        command = [interpreter.path, *arguments]
        subprocess.run(command, env=env, stdout=subprocess.DEVNULL, timeout=TIMEOUT_SECONDS, check=True)
        names = os.listdir(directory)
        self.assertEqual(len(names), 1, names)
        with open(os.path.join(directory, names[0]), "rb") as file:
            data = file.read()
        # src/recording/FORMAT.md: arena_top is the fifth field.
        return Recording(struct.unpack_from("<8sIIQQ", data)[4], len(data))

    def assert_no_recordings(self):
        self.assertEqual(os.listdir(self.recordings), [])
