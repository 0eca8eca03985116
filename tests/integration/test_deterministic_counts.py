"""Deterministic mode counts what pprofile counts: small programs whose counts are known, on every interpreter.

The programs are programs/counts/*.py. A line that ends in `#= N` is started N times; all lines and calls
are compared with pprofile's too, where that is installed (Debian's python3-pprofile, or on PYTHONPATH).
"""

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
PROGRAMS = sorted(glob.glob(os.path.join(support.PROGRAMS, "counts", "*.py")))
def pprofile_path():
    """The folder that holds pprofile, for PYTHONPATH; None if there is none."""
    folders = ["/usr/lib/python3/dist-packages", *os.environ.get("PYTHONPATH", "").split(":")]
    found = [each for each in folders if os.path.exists(os.path.join(each, "pprofile", "__init__.py"))]
    spec = importlib.util.find_spec("pprofile")
    return found[0] if found else spec and os.path.dirname(os.path.dirname(spec.origin))


def counts(report, ending):
    """Hits of lines, and of call rows by calling line and callee, of the file with that ending."""
    lines, calls = {}, {}
    line = None
    for row in report.rows(ending):
        if row.line is None:
            # Names of files differ: pprofile shows them as compiled.
            key = (line, re.sub(r"^(.*/)?", "", row.callee))
            # What is imported already differs: pprofile imports modules of its own.
            if "importlib" not in row.callee:
                calls[key] = calls.get(key, 0) + row.hits
        else:
            line = row.line
            if row.hits and line:
                lines[line] = row.hits
    return lines, calls


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
        self.lineprof("-qo", "ours.txt", "--python", interpreter.path, *arguments)
        return support.Report(self.read("ours.txt"))

    def counted_by_pprofile(self, interpreter, *arguments):
        env = self.environment(PYTHONPATH=self.pprofile, PYTHONDONTWRITEBYTECODE="1")
        command = [interpreter.path, "-m", "pprofile", "-o", self.path("theirs.txt"), *arguments]
        done = subprocess.run(command, cwd=self.directory, env=env, check=False, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout.decode())
        return support.Report(self.read("theirs.txt"))

    def check_expected(self, path, lines):
        with open(path, encoding="utf-8") as file:
            for number, text in enumerate(file, 1):
                expected = EXPECTED.search(text.rstrip())
                if expected:
                    self.assertEqual(lines.get(number, 0), int(expected[1]), "line %d: %s" % (number, text))

    def test_small_programs(self):
        self.assertGreaterEqual(len(PROGRAMS), 40)
        for interpreter in interpreters.found():
            for path in PROGRAMS:
                with open(path, encoding="utf-8") as file:
                    needs = NEEDS.search(file.read())
                if needs and interpreter.version[1] < int(needs[1]):
                    continue
                with self.subTest(interpreter=interpreter.name, program=os.path.basename(path)):
                    ending = "/" + os.path.basename(path)
                    report = self.counted(interpreter, path)
                    self.assertIn("deterministic", report.headers["Mode"])
                    ours = counts(report, ending)
                    self.check_expected(path, ours[0])

    def test_small_programs_against_pprofile(self):
        if not self.pprofile:
            self.skipTest("pprofile is not installed")
        for interpreter in support.spread():
            for path in PROGRAMS:
                with open(path, encoding="utf-8") as file:
                    needs = NEEDS.search(file.read())
                if needs and interpreter.version[1] < int(needs[1]):
                    continue
                with self.subTest(interpreter=interpreter.name, program=os.path.basename(path)):
                    ending = "/" + os.path.basename(path)
                    ours = counts(self.counted(interpreter, path), ending)
                    theirs = counts(self.counted_by_pprofile(interpreter, path), ending)
                    self.assertEqual(ours, theirs)
