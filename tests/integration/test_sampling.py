"""Sampling sanity: the report of a known program says what the program knows of itself."""

import os
import re
import subprocess
import unittest

import interpreters
import support

# The greps that pprofile's users have; report-format.md says what they are good for.
GREP_PERCENT = r"\( [1-9]\|[1-9][0-9]\)\.[0-9][0-9]%"
GREP_HITS = r"|[ 0-9][ 0-9][ 0-9][ 0-9][ 0-9][0-9][0-9][0-9][0-9][0-9]|"
GREP_TEN_PERCENT = r"[1-9][0-9][0-9]*\.[0-9][0-9]%|"


class HotLine(support.TestCase):
    """programs/hot_line.py on each interpreter and timer: one run, looked at from several sides."""

    BUSY, IDLE = 0.5, 0.25
    runs = {}  # (interpreter, timer) -> what the program printed, and the report

    def each(self):
        for python in interpreters.found():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    if (python, timer) not in self.runs:
                        self.runs[python, timer] = self.profiled(
                            python, "hot_line.py", self.BUSY, self.IDLE, options=["--timer", timer]
                        )

    def check(self, check):
        self.each()
        for (python, timer), (printed, report) in self.runs.items():
            with self.subTest(python=python.name, timer=timer):
                check(printed, report)

    def test_hot_line_is_found_with_its_source(self):
        def check(_, report):
            hot = report.marked("hot_line.py", "hot")
            self.assertEqual(hot.source, "        total += sum(range(4000))  # hot")
            self.assertGreater(hot.time, 0.9 * self.BUSY)
            rows = report.rows("hot_line.py")
            with open(support.program("hot_line.py"), encoding="utf-8") as file:
                source = [line.rstrip() for line in file]
            self.assertEqual([row.source for row in rows if row.line], source)

        self.check(check)

    def test_waiting_is_on_the_line_that_waits(self):
        def check(_, report):
            waits = report.marked("hot_line.py", "waits")
            self.assertGreater(waits.time, 0.85 * self.IDLE)
            self.assertGreater(report.header_number("Waiting time"), 0.85 * self.IDLE)

        self.check(check)

    def test_call_rows_name_the_callee_and_its_inclusive_time(self):
        def check(_, report):
            calls = {row.callee.split()[-1]: row for row in report.rows("hot_line.py") if row.callee}
            self.assertGreater(calls["spin"].time, 0.9 * self.BUSY)
            self.assertGreater(calls["wait"].time, 0.85 * self.IDLE)
            self.assertLessEqual(calls["spin"].percent, 100)

        self.check(check)

    def test_cpu_time_agrees_with_process_time(self):
        def check(printed, report):
            # The agent begins when its library is loaded, the process a little earlier; and it goes
            # on to the end.
            self.assertAlmostEqual(report.header_number("CPU time"), printed["all"], delta=0.08)
            waits = report.header_number("Waiting time")
            self.assertAlmostEqual(report.seconds() - waits, printed["all"], delta=0.1)

        self.check(check)

    def test_rate_delivered_is_the_rate_asked(self):
        def check(_, report):
            self.assertEqual(report.headers["Rate asked"], "1000 Hz")
            self.assertGreater(report.header_number("Rate delivered"), 800)
            # The wall-clock timer also ticks while another process has the CPU: on a busy machine there
            # are more ticks to a second of CPU time than asked.
            self.assertLess(report.header_number("Rate delivered"), 4000)
            hot = report.marked("hot_line.py", "hot")
            self.assertGreater(hot.hits, 800 * self.BUSY * 0.9)

        self.check(check)

    def test_timer_and_python_are_named(self):
        self.each()
        for (python, timer), (_, report) in self.runs.items():
            with self.subTest(python=python.name, timer=timer):
                self.assertIn(timer, report.headers["Timer"])
                self.assertIn("%d.%d.%d" % python.version, report.headers["Python"])


class Rates(support.TestCase):
    def test_rate_of_5000_hz_is_delivered(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    _, report = self.profiled(
                        *[python, "hot_line.py", 0.5, 0],
                        options=["--timer", timer, "--clock", "cpu"],
                        period="0.0002",
                    )
                    # Wide, for a busy machine: a timer that fires at the scheduler's tick gives 250.
                    self.assertGreater(report.header_number("Rate delivered"), 0.4 * 5000)
                    self.assertLess(report.header_number("Rate delivered"), 4 * 5000)

    def test_very_short_program_says_how_many_samples(self):
        path = self.write("short.py", "")
        for python in support.spread():
            with self.subTest(python=python.name):
                _, report = self.profile(python, path, period="1")
                self.assertRegex(report.notes()[0], r"\Ano samples in .* s: a shorter period")


class Greps(support.TestCase):
    def test_both_greps_find_the_hot_line(self):
        python = support.spread()[-1]
        self.profiled(python, "hot_line.py", 1.2, 0, period="0.0001")
        for pattern in (GREP_PERCENT, GREP_HITS, GREP_TEN_PERCENT):
            with self.subTest(grep=pattern):
                done = subprocess.run(
                    ["grep", pattern, self.path("out.txt")], stdout=subprocess.PIPE, check=True
                )
                self.assertIn(b"        total += sum(range(4000))  # hot\n", done.stdout)


class Recursion(support.TestCase):
    def test_inclusive_time_is_counted_once_per_sample(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                _, report = self.profiled(python, "recursion.py")
                rows = [row for rows in report.files.values() for row in rows]
                samples = report.header_number("Samples")
                for row in rows:
                    self.assertLessEqual(row.percent, 100, row)
                    self.assertLessEqual(row.hits, samples, row)
                self.assertLessEqual(sum(row.percent for row in rows if row.line), 100.5)
                callees = {row.callee.split()[-1] for row in rows if row.callee}
                self.assertLessEqual({"fib", "even", "odd", "nested"}, callees)


class Options(support.TestCase):
    def test_clock_cpu_gives_a_sleeper_no_time(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    options = ["--clock", "cpu", "--timer", timer]
                    printed, report = self.profiled(python, "hot_line.py", 0.3, 0.3, options=options)
                    self.assertLess(report.marked("hot_line.py", "waits").time, 0.01)
                    self.assertEqual(report.header_number("Samples waiting"), 0)
                    self.assertAlmostEqual(report.seconds(), printed["all"], delta=0.1)

    def test_threads_0_samples_the_main_thread_only(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                printed, report = self.profiled(python, "two_threads.py", options=["-t", "0"])
                self.assertLess(report.marked("two_threads.py", "thread").time, 0.001)
                self.assertEqual(report.headers["Threads"], "1")
                main = report.marked("two_threads.py", "main").time
                self.assertGreater(main, 0.9 * printed["main"])

    def test_threads_are_seen_with_their_own_time(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                options = ["--clock", "cpu"]
                printed, report = self.profiled(python, "two_threads.py", options=options)
                self.assertEqual(report.headers["Threads"], "2")
                for name in ("main", "thread"):
                    seconds = report.marked("two_threads.py", name).time
                    self.assertAlmostEqual(seconds, printed[name], delta=0.03 + 0.05 * printed[name])

    def test_exclude_syspath_leaves_the_users_files(self):
        self.write("mine.py", "import json\ndef dump(): json.dumps(list(range(20000)), indent=1)\n")
        script = self.write("main.py", "import mine\nfor _ in range(20): mine.dump()\n")
        for python in interpreters.found():
            with self.subTest(python=python.name):
                _, report = self.profiled(python, script)
                self.assertTrue([name for name in report.files if name.endswith("json/encoder.py")])
                _, report = self.profiled(python, script, options=["--exclude-syspath"])
                self.assertLessEqual({"main.py", "mine.py"}, set(report.files))
                # A frozen module is the standard library's too; where <string> is from nobody knows.
                self.assertLessEqual(set(report.files), {"main.py", "mine.py", "<string>"})

    def test_include_and_exclude_select_files(self):
        self.write("one.py", "def run(): return sum(range(300000))\n")
        self.write("two.py", "def run(): return sum(range(300000))\n")
        script = self.write("main.py", "import one, two\nfor _ in range(20): one.run(); two.run()\n")
        python = support.spread()[-1]
        for options, expected in (
            (["--include", "one"], ["one.py"]),
            (["--exclude", "one"], ["main.py", "two.py"]),
            (["--exclude", ".", "--include", "two|main"], ["main.py", "two.py"]),
        ):
            with self.subTest(options=options):
                _, report = self.profiled(python, script, options=options)
                files = [name for name in report.files if name in ("one.py", "two.py", "main.py")]
                self.assertEqual(sorted(files), expected)


class Sources(support.TestCase):
    SPIN = "import time\nend = time.process_time() + 0.15\n"

    def test_pep_263_source_is_decoded(self):
        line = "while time.process_time() < end: word = 'é' * 1000  # naïve"
        for cookie, encoding in (("latin-1", "latin-1"), ("cp1252", "cp1252"), ("utf-8", "utf-8-sig")):
            path = self.write("encoded.py", "")
            text = "# -*- coding: %s -*-\n%s%s\n" % (cookie, self.SPIN, line)
            with open(path, "w", encoding=encoding) as file:
                file.write(text)
            for python in support.spread():
                with self.subTest(encoding=encoding, python=python.name):
                    _, report = self.profiled(python, path)
                    self.assertEqual(report.marked("encoded.py", "naïve").source, line)

    def changed(self, action):
        """The report of a script that does `action` to its own file halfway."""
        text = self.SPIN + "while time.process_time() < end: sum(range(1000))  # hot\n"
        text += "import os\n%s\n" % action
        path = self.write("changing.py", text)
        return text, self.profiled(support.spread()[-1], path)[1]

    def test_source_changed_during_the_run_is_shown_as_it_was_or_noted(self):
        # Not before a look of the launcher at the sources that run.
        text, report = self.changed("time.sleep(1.2); open(__file__, 'w').write('other = 1\\n')")
        shown = [row.source for row in report.rows("changing.py") if row.line]
        if shown != text.splitlines():
            self.assertRegex(report.text, r"File note: .*changed")
            self.assertNotIn("other = 1", report.text)
        self.assertGreater(report.rows("changing.py")[2].time, 0.1)

    def test_source_deleted_during_the_run_keeps_its_hits(self):
        _, report = self.changed("os.unlink(__file__)")
        hot = [row for row in report.rows("changing.py") if row.line == 3]
        self.assertGreater(hot[0].time, 0.1)

    def test_code_without_source_keeps_hits_and_names(self):
        code = self.SPIN + "def spin(end):\n  while time.process_time() < end: sum(range(999))\nspin(end)"
        for python in support.spread():
            with self.subTest(python=python.name):
                path = self.write("main.py", "exec(%r)\n" % code)
                _, report = self.profiled(python, path)
                rows = {row.line: row for row in report.rows("<string>") if row.line}
                self.assertGreater(rows[4].time, 0.1)
                self.assertEqual(rows[4].source, "")
                callees = [row.callee for row in report.rows("<string>") if row.callee]
                self.assertIn("<string>:3 spin", callees)  # site's .pth files are <string> too
                self.assertIn("File note: no source", report.text)

    def test_frozen_code_keeps_its_hits(self):
        path = self.write("main.py", "import importlib, json\nfor _ in range(40): importlib.reload(json)\n")
        for python in support.spread():
            with self.subTest(python=python.name):
                _, report = self.profiled(python, path)
                frozen = [name for name in report.files if name.startswith("<frozen importlib")]
                self.assertTrue(frozen)
                rows = [row for name in frozen for row in report.files[name]]
                self.assertGreater(sum(row.hits for row in rows if row.line), 0)
                self.assertTrue(any(re.search(r" _?\w+\Z", row.callee) for row in rows if row.callee))


class Commands(support.TestCase):
    def test_command_that_is_no_python_keeps_its_status(self):
        for command, status in ((["/bin/true"], 0), (["sh", "-c", "exit 7"], 7)):
            with self.subTest(command=command):
                done = self.lineprof("-s", "0.001", "-qo", "out.txt", "--", *command)
                self.assertEqual(done.returncode, status)
                self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                self.assertIn("Note: no Python process was profiled\n", self.read("out.txt"))

    def test_unsupported_python_gives_one_line_and_runs(self):
        code = "import sys; sys.stdout.write('ran'); sys.exit(5)"
        unsupported = [path for path in support.unsupported() if os.access(path, os.X_OK)]
        if not unsupported:
            self.skipTest("no Python older than 3.8 here")
        for python in unsupported:
            with self.subTest(python=python, by="--python"):
                done = self.lineprof("-s", "0.001", "-qo", "out.txt", "--python", python, "-c", code)
                self.assertEqual((done.returncode, done.stdout), (5, b"ran"))
                self.assertRegex(done.stderr, rb"\Alineprof: [^\n]*Python [23]\.\d+[^\n]*\n\Z")
            with self.subTest(python=python, by="command"):
                done = self.lineprof("-s", "0.001", "-qo", "out.txt", "--", python, "-c", code)
                self.assertEqual((done.returncode, done.stdout), (5, b"ran"))
                self.assertRegex(done.stderr, rb"\Alineprof: [^\n]*\n\Z")


if __name__ == "__main__":
    unittest.main()
