"""Deterministic mode: the program's threads, children and end, filters, other tracers, the report."""

import collections
import json
import os
import re
import signal
import subprocess

import interpreters
import support

RECURSION = "recursion_limit.py"
# Its functions, and the mark of the line that each begins with.
CALLED_BEFORE = {"python": "python", "__getattr__": "attribute", "sorting": "key", "generating": "generated",
                 "short": "short", "unwinding": "deep"}


def program(name):
    return support.program(os.path.join("deterministic", name))


class Deterministic(support.TestCase):
    def count(self, interpreter, script, *arguments, options=()):
        """Runs a program in deterministic mode; the finished process and the report."""
        done = self.lineprof("-qo", "out.txt", "--python", interpreter.path, *options, script, *arguments,
                             env=self.environment(TEST_PYTHON=interpreter.path))
        return done, support.Report(self.read("out.txt"))

    def succeed(self, interpreter, name, *arguments, options=()):
        done, report = self.count(interpreter, program(name), *arguments, options=options)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done, report

    def test_header(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                _, report = self.succeed(interpreter, "threads.py")
                self.assertEqual(report.headers["Mode"], "deterministic")
                self.assertGreater(report.header_number("Events"), 500)
                self.assertGreater(report.header_number("Event cost"), 0)
                self.assertIn("GIL waiting time", report.headers)
                self.assertEqual(report.header_number("Threads"), 5)
                self.assertEqual(report.headers["Python"], "%d.%d.%d" % interpreter.version)

    def test_counts_up_to_any_end(self):
        ends = {"exit": 3, "kill": -signal.SIGKILL, "abort": -signal.SIGABRT, "crash": -signal.SIGSEGV}
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                for how, status in ends.items():
                    done, report = self.count(interpreter, program("ended.py"), how)
                    self.assertEqual(done.returncode, status, done.stderr.decode())
                    self.assertEqual(report.marked("ended.py", "counted").hits, 1000)
                    # The calls that it was in have their time too.
                    rows = report.rows("ended.py")
                    outer = [row for row in rows if row.callee and row.callee.endswith(" outer")]
                    inner = [row for row in rows if row.callee and row.callee.endswith(" inner")]
                    self.assertEqual([row.hits for row in outer + inner], [1, 1])
                    self.assertGreater(outer[0].time, inner[0].time * 0.99)
                    self.assertGreater(inner[0].time, report.marked("ended.py", "counted").time)

    def test_debugging_allocators_find_nothing(self):
        # They are set early in the interpreter's start; what came from others before is no block of theirs.
        code = "import threading\nthread = threading.Thread(target=print)\nthread.start()\nthread.join()\n"
        path = self.write("main.py", code)
        for python in interpreters.found():
            for name, value in (("PYTHONMALLOC", "malloc_debug"), ("PYTHONDEVMODE", "1")):
                with self.subTest(python=python.name, name=name):
                    env = self.environment(**{name: value})
                    done = self.lineprof("-qo", "out.txt", "--python", python.path, path, env=env)
                    self.assertEqual((done.returncode, done.stdout, done.stderr), (0, b"\n", b""))
                    report = support.Report(self.read("out.txt"))
                    rows = report.rows("main.py")
                    self.assertEqual([row.hits for row in rows if row.line and row.line > 1], [1, 1, 1])

    def test_every_child(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                _, report = self.succeed(interpreter, "family.py")
                self.assertEqual(report.marked("family.py", "counted").hits, 55)
                # One worker may do all before the other has begun.
                self.assertIn(report.header_number("Processes"), (5, 6))
                self.assertIn("<string>", report.files)

    def test_every_thread(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                _, report = self.succeed(interpreter, "threads.py")
                self.assertEqual(report.marked("threads.py", "counted").hits, 151)

    def test_program_with_a_trace_function(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                done, report = self.succeed(interpreter, "takeover.py")
                self.assertEqual(report.marked("takeover.py", "before").hits, 10)
                self.assertEqual(report.marked("takeover.py", "after").hits, 20)
                self.assertGreaterEqual(int(done.stdout), 7)
                told = [note for note in report.notes() if "sys.settrace" in note]
                self.assertEqual(len(told), 1 if interpreter.version[1] < 12 else 0, report.notes())

    def test_program_with_monitoring(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                if interpreter.version[1] < 12:
                    continue
                done, report = self.succeed(interpreter, "monitoring.py")
                self.assertEqual(report.marked("monitoring.py", "counted").hits, 10)
                self.assertGreaterEqual(int(done.stdout), 10)

    def test_decorated(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                _, report = self.succeed(interpreter, "decorated.py", options=["--decorated"])
                hits = {mark: report.marked("decorated.py", mark).hits
                        for mark in ("chosen", "other", "method", "static")}
                self.assertEqual(hits, {"chosen": 3, "other": 0, "method": 1, "static": 1})
                self.assertIn(3, [row.hits for row in report.rows("decorated.py") if row.callee])

    def test_profile_is_no_builtin_without_being_asked_for(self):
        done, _ = self.count(support.spread()[0], program("decorated.py"))
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"NameError", done.stderr)

    def test_verbose(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                script = self.write("small.py", "def f():\n    return 1\nf()\n")
                done, _ = self.count(interpreter, script, options=["-v"])
                self.assertEqual(done.returncode, 0)
                events = re.findall(r"^ *\d+\.\d{6} +(\w+) \S*small\.py:(\d+) (\S+)$", done.stderr.decode(), re.M)
                expected = [("line", "1", "<module>+0"), ("line", "3", "<module>+2"), ("call", "1", "f+0"),
                            ("line", "2", "f+1"), ("return", "2", "f+1")]
                self.assertEqual([event for event in events if event in expected], expected)

    def test_a_recording_does_not_grow_with_the_run(self):
        loop = "def f(n):\n    while n:\n        n -= 1\nf(%d)\n"
        for interpreter in support.spread():
            sizes = []
            for rounds in (20_000, 2_000_000):
                settings = ("period_ns=1000000;watch_waiting=1;main_thread_only=0;signal=0;timer=auto;trace=1;"
                            "filtered=0;named=0;decorated=0;verbose=0;launcher=0;directory=")
                sizes.append(self.record(interpreter, self.write("loop.py", loop % rounds), settings=settings))
            self.assertEqual(sizes[0].size, sizes[1].size)

    def test_recursion_that_ends_in_an_error(self):
        for interpreter in interpreters.found():
            bare = subprocess.run([interpreter.path, program(RECURSION)], check=True, stdout=subprocess.PIPE)
            for options in ([], ["--include", RECURSION]):
                with self.subTest(interpreter=interpreter.name, options=options):
                    done, report = self.succeed(interpreter, RECURSION, options=options)
                    started = json.loads(done.stdout)
                    hits = {mark: report.marked(RECURSION, mark).hits for mark in started}
                    self.assertEqual(hits, started)
                    # A call that there is no room for is none.
                    calls = collections.Counter()
                    for row in filter(lambda row: row.callee, report.rows(RECURSION)):
                        calls[re.split("[ .]", row.callee)[-1]] += row.hits
                    self.assertEqual({name: calls[name] for name in CALLED_BEFORE},
                                     {name: started[mark] for name, mark in CALLED_BEFORE.items()})
                    # On 3.11 functions of C that traced code calls take a level each.
                    if interpreter.version[1] != 11:
                        self.assertEqual(started, json.loads(bare.stdout))

    def test_times(self):
        script = self.write("times.py", "import time\ndef nap():\n    time.sleep(0.05)  # nap\n"
                            "for i in range(3):\n    nap()  # calls\n    time.sleep(0.02)  # short\n")
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                _, report = self.count(interpreter, script)
                self.assertGreater(report.marked("times.py", "nap").time, 0.15)
                self.assertGreater(report.marked("times.py", "short").time, 0.06)
                # A line's own time does not hold its callees', the call's row does.
                self.assertLess(report.marked("times.py", "calls").time, 0.05)
                calls = [row for row in report.rows("times.py") if row.callee and row.callee.endswith(" nap")]
                self.assertEqual([row.hits for row in calls], [3])
                self.assertGreater(calls[0].time, 0.15)

    def test_lines_far_down_take_no_longer(self):
        """The same two loops at the start of a script and far down in it, where interpreters look lines up."""
        loop = "for i in range(3000):\n    a = sum(r)  # %s\n    b = sum(r)  # %s\n"
        script = self.write("far.py", "r = range(200)\n" + loop % ("near one", "near two")
                            + "if not r:\n" + "    a = 1\n" * 800 + loop % ("far one", "far two"))
        for interpreter in interpreters.found():
            for options in ((), ("--include", "far")):
                with self.subTest(interpreter=interpreter.name, options=options):
                    _, report = self.count(interpreter, script, options=options)
                    for line in ("one", "two"):
                        near = report.marked("far.py", "near " + line)
                        far = report.marked("far.py", "far " + line)
                        self.assertEqual((near.hits, far.hits), (3000, 3000))
                        self.assertLess(far.time, 2.5 * near.time)
                        self.assertGreater(far.time, near.time / 2.5)


class Filters(support.TestCase):
    def hits(self, interpreter, *options):
        """File -> line -> hits, and (calling line, callee) -> calls."""
        done = self.lineprof("-qo", "out.txt", "--python", interpreter.path, *options,
                             support.program(os.path.join("filtered", "main.py")))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        lines, calls = {}, {}
        for name, rows in support.Report(self.read("out.txt")).files.items():
            line = None
            for row in rows:
                line = row.line or line
                if row.callee and "importlib" not in row.callee:
                    key = (os.path.basename(name), line, re.sub(r"^.*/", "", row.callee))
                    calls[key] = row.hits
                elif row.line and row.hits:
                    lines.setdefault(os.path.basename(name), {})[row.line] = row.hits
        return lines, calls

    def test_what_is_counted_is_counted_as_without_filters(self):
        for interpreter in interpreters.found():
            all_lines, all_calls = self.hits(interpreter)
            for file in ("main.py", "cold.py", "other.py"):
                with self.subTest(interpreter=interpreter.name, file=file):
                    lines, calls = self.hits(interpreter, "--include", file)
                    self.assertEqual(lines, {file: all_lines[file]})
                    self.assertEqual(calls, {k: v for k, v in all_calls.items() if k[0] == file})

    def test_only(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                lines, calls = self.hits(interpreter, "--only", "^use$", "--only", r"^Kind\.method$")
                self.assertEqual(sum(lines["cold.py"].values()), 5)
                self.assertNotIn("main.py", lines)
                self.assertEqual(calls, {("cold.py", 11, "other.py:1 deep"): 2})

    def test_exclude_syspath(self):
        for interpreter in interpreters.found():
            with self.subTest(interpreter=interpreter.name):
                lines, _ = self.hits(interpreter, "--exclude-syspath")
                self.assertEqual(set(lines), {"main.py", "cold.py", "other.py"})
