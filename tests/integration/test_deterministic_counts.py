"""Deterministic mode counts what pprofile counts: small programs whose counts are known, on every interpreter.

The programs are programs/counts/*.py. A line that ends in `#= N` is started N times; all lines and calls
are compared with pprofile's too, where that is installed (Debian's python3-pprofile, or on PYTHONPATH).
"""

import collections
import glob
import importlib.util
import os
import re
import shutil
import subprocess

import interpreters
import support

EXPECTED = re.compile(r"#= (\d+)$")
NEEDS = re.compile(r"# needs 3\.(\d+)")
# pprofile puts code that was executed from a string into the script's file.
ADDS_UP = "# pprofile adds"
# The files whose counts are compared while their module's own tests run.
LIBRARY_FILES = {
    "json": ["/json/decoder.py", "/json/encoder.py", "/json/scanner.py"],
    "argparse": ["/argparse.py"],
    "difflib": ["/difflib.py"],
}
# With LINEPROF_WHOLE_LIBRARY_TESTS all of those tests are run, which takes pprofile half an hour.
WHOLE = ["all"] if os.environ.get("LINEPROF_WHOLE_LIBRARY_TESTS") else []
PPROFILE_TIMEOUT_SECONDS = 3000 if WHOLE else 300
PROGRAMS = sorted(glob.glob(os.path.join(support.PROGRAMS, "counts", "*.py")))


def pprofile_path():
    """The folder that holds pprofile, for PYTHONPATH; None if there is none."""
    folders = ["/usr/lib/python3/dist-packages", *os.environ.get("PYTHONPATH", "").split(":")]
    found = [each for each in folders if os.path.exists(os.path.join(each, "pprofile", "__init__.py"))]
    spec = importlib.util.find_spec("pprofile")
    return found[0] if found else spec and os.path.dirname(os.path.dirname(spec.origin))


def counts(report, ending):
    """Hits of lines, and of call rows by calling line and callee, of the file with that ending.

    pprofile gives each copy of a module a file of its own, name_0, name_1, ...: they are added up.
    """
    lines, calls = collections.Counter(), collections.Counter()
    for name, rows in report.files.items():
        if not re.sub(r"\.py_\d+$", ".py", name).endswith(ending):
            continue
        line = None
        for row in rows:
            line = row.line if row.line is not None else line
            if row.callee and "importlib" not in row.callee:
                # Names of files differ: pprofile shows them as compiled.
                calls[line, re.sub(r"^(.*/)?|(?<=\.py)_\d+", "", row.callee)] += row.hits
            elif row.hits and row.line:
                lines[line] += row.hits
    return lines, calls


def programs_of(interpreter):
    """Paths and texts of the programs that run on an interpreter."""
    for path in PROGRAMS:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        needs = NEEDS.search(text)
        if not needs or interpreter.version[1] >= int(needs[1]):
            yield path, text


class Counts(support.TestCase):
    def setUp(self):
        super().setUp()
        # pprofile alone, not its neighbours, for interpreters of other versions.
        self.pprofile = None
        folder = pprofile_path()
        if folder:
            self.pprofile = self.path("rival")
            shutil.copytree(os.path.join(folder, "pprofile"), os.path.join(self.pprofile, "pprofile"))

    def counted(self, interpreter, *arguments):
        """The report of a run in deterministic mode."""
        env = self.environment(PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1")
        self.lineprof("-qo", "ours.txt", "--python", interpreter.path, *arguments, env=env,
                      timeout=PPROFILE_TIMEOUT_SECONDS)
        return support.Report(self.read("ours.txt"))

    def counted_by_pprofile(self, interpreter, *arguments):
        env = self.environment(PYTHONPATH=self.pprofile, PYTHONHASHSEED="0",
                               PYTHONDONTWRITEBYTECODE="1")
        command = [interpreter.path, "-m", "pprofile", "-o", self.path("theirs.txt"), *arguments]
        done = subprocess.run(command, cwd=self.directory, env=env, check=False, timeout=PPROFILE_TIMEOUT_SECONDS,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout.decode())
        return support.Report(self.read("theirs.txt"))

    def check_expected(self, text, lines):
        for number, line in enumerate(text.split("\n"), 1):
            expected = EXPECTED.search(line)
            if expected:
                self.assertEqual(lines[number], int(expected[1]), "line %d: %s" % (number, line))

    def test_small_programs(self):
        self.assertGreaterEqual(len(PROGRAMS), 40)
        for interpreter in interpreters.found():
            for path, text in programs_of(interpreter):
                with self.subTest(interpreter=interpreter.name, program=os.path.basename(path)):
                    lines, _ = counts(self.counted(interpreter, path), "/" + os.path.basename(path))
                    self.check_expected(text, lines)

    def test_small_programs_against_pprofile(self):
        if not self.pprofile:
            self.skipTest("pprofile is not installed")
        for interpreter in support.spread():
            for path, text in programs_of(interpreter):
                if ADDS_UP in text:
                    continue
                with self.subTest(interpreter=interpreter.name, program=os.path.basename(path)):
                    ending = "/" + os.path.basename(path)
                    ours = counts(self.counted(interpreter, path), ending)
                    theirs = counts(self.counted_by_pprofile(interpreter, path), ending)
                    self.assertEqual(ours, theirs)

    def test_real_programs_against_pprofile(self):
        if not self.pprofile:
            self.skipTest("pprofile is not installed")
        able = [each for each in interpreters.found() if self.has_library_tests(each)]
        if not able:
            self.skipTest("no interpreter has the tests of its standard library")
        script = support.program("library_tests.py")
        for module, endings in LIBRARY_FILES.items():
            with self.subTest(interpreter=able[-1].name, module=module):
                ours = self.counted(able[-1], script, module, *WHOLE)
                theirs = self.counted_by_pprofile(able[-1], script, module, *WHOLE)
                for ending in endings:
                    lines, _ = counts(ours, ending)
                    self.assertGreater(len(lines), 50, ending)
                    self.assertEqual(lines, counts(theirs, ending)[0], ending)

    @staticmethod
    def has_library_tests(interpreter):
        command = [interpreter.path, "-c", "import test.test_json, test.test_argparse, test.test_difflib"]
        done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return interpreter.version[1] == 11 and done.returncode == 0
