"""Deterministic mode beside what else watches a program or runs its code: debuggers, coverage, profile
functions, other monitoring tools, greenlets, threads of C libraries."""

import os

import interpreters
import packages
import support

FIRST_MONITORING = 12


class Company(support.TestCase):
    def count(self, interpreter, name, *arguments, **changes):
        """Counts programs/company/<name>; what it printed, and the report."""
        script = support.program(os.path.join("company", name))
        env = self.environment(TEST_PYTHON=interpreter.path, **changes)
        done = self.lineprof("-qo", "out.txt", "--python", interpreter.path, script, *arguments, env=env)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode().strip(), support.Report(self.read("out.txt"))

    def fetched(self, package, interpreter):
        folder, complaint = packages.fetched(package, interpreter)
        if folder is None:
            self.skipTest(complaint)
        return folder

    def assert_told_of_takeover(self, interpreter, report):
        """Before 3.12 only one can have a thread's trace function."""
        told = [note for note in report.notes() if "sys.settrace after" in note]
        self.assertEqual(len(told), 1 if interpreter.version[1] < FIRST_MONITORING else 0, report.notes())

    def test_a_debugger(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                said, report = self.count(interpreter, "pdb_session.py")
                self.assertEqual(said, "True 4")
                self.assertEqual(report.marked("pdb_session.py", "before").hits, 10)
                self.assertEqual(report.marked("pdb_session.py", "after").hits, 20)
                self.assert_told_of_takeover(interpreter, report)

    def test_coverage(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                folder = self.fetched("coverage", interpreter)
                said, report = self.count(interpreter, "covered.py", PYTHONPATH=folder)
                self.assertEqual(said, "[True, False, True]")
                self.assertEqual(report.marked("covered.py", "before").hits, 10)
                self.assertEqual(report.marked("covered.py", "after").hits, 20)
                self.assert_told_of_takeover(interpreter, report)

    def test_a_profile_function(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                said, report = self.count(interpreter, "set_profile.py")
                # abs() ten times, and sys.setprofile itself.
                self.assertEqual(said, "11 1")
                self.assertEqual(report.marked("set_profile.py", "counted").hits, 30)
                self.assertEqual(report.notes(), [])

    def test_greenlets(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                folder = self.fetched("greenlet", interpreter)
                said, report = self.count(interpreter, "switched.py", PYTHONPATH=folder)
                self.assertEqual(said, "True")
                self.assertEqual(report.marked("switched.py", "switched").hits, 30)
                self.assertEqual(report.marked("switched.py", "resumed").hits, 27)

    def test_data_of_others_in_code_objects(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                said, _ = self.count(interpreter, "code_data.py")
                self.assertEqual(said, "[7]")

    def test_threads_of_a_library(self):
        library = self.native("foreign_threads")
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                said, report = self.count(interpreter, "foreign_threads.py", library)
                self.assertEqual(said, "0")
                self.assertEqual(report.marked("foreign_threads.py", "counted").hits, 30)


class NoToolIsFree(support.TestCase):
    """Start-up code of the interpreter has taken all tool ids of sys.monitoring."""

    def setUp(self):
        super().setUp()
        self.write("sitecustomize.py", "import os, sys\nif os.environ.get('TAKE'):\n"
                   "    for tool in range(6):\n        sys.monitoring.use_tool_id(tool, 'other')\n")

    def run_program(self, interpreter, code, **changes):
        env = self.environment(PYTHONPATH=self.directory, TEST_PYTHON=interpreter.path, **changes)
        return self.lineprof("-qo", "out.txt", "--python", interpreter.path, "-c", code, env=env)

    def monitored(self):
        return [each for each in interpreters.found() if each.version[1] >= FIRST_MONITORING]

    def test_the_program_is_not_run(self):
        for interpreter in self.monitored():
            with self.subTest(interpreter=interpreter.name):
                done = self.run_program(interpreter, "print('ran')", TAKE="1")
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertEqual(done.stderr.decode(), "lineprof: no tool id of sys.monitoring is free\n")

    def test_a_child_runs_unprofiled(self):
        code = ("import os, subprocess\nprint(subprocess.run([os.environ['TEST_PYTHON'], '-c', 'print(5)'],"
                " env={**os.environ, 'TAKE': '1'}, stdout=subprocess.PIPE).stdout)")
        for interpreter in self.monitored():
            with self.subTest(interpreter=interpreter.name):
                done = self.run_program(interpreter, code)
                self.assertEqual((done.returncode, done.stdout), (0, b"b'5\\n'\n"))
                self.assertEqual(done.stderr.decode(), "lineprof: no tool id of sys.monitoring is free\n")
