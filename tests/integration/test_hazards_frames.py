"""Walking frames: what killed or fooled walkers of the interpreter's frames (hazards.md)."""

import subprocess
import unittest

import interpreters
import support

FAST = "0.00005"


def self_seconds(report, file):
    """Self time by line number."""
    return {row.line: row.time for row in report.rows(file) if row.line is not None}


class Entering(support.TestCase):
    """Frames that are being entered or left, and frames that are none."""

    def test_cframe_that_is_set_before_its_current_frame(self):
        # 3.11 and 3.12 crash an unguarded walk within seconds; at the highest rate here.
        for python in interpreters.found():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    _, report = self.profiled(
                        python, "call_heavy.py", period=FAST, options=["--timer", timer]
                    )
                    unreadable = report.header_number("Samples lost (frame not readable)")
                    self.assertLess(unreadable, 0.03 * report.header_number("Samples on CPU"))

    def test_shim_and_incomplete_frames_are_left_out(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                _, report = self.profiled(python, "call_heavy.py", period=FAST)
                rows = [row for row in report.rows("call_heavy.py") if row.callee]
                callees = {row.callee.split(" ", 1)[1] for row in rows}
                self.assertLessEqual({"identity", "__init__", "numbers", "raises"}, callees)
                # 3.13's shim of a constructor calls itself and its file __init__.
                for name in [*report.files, *(row.callee for row in rows)]:
                    self.assertRegex(name, r"\A/|\A<(frozen [\w.]+|string)>")

    def test_a_frame_that_calls_back_from_c_keeps_its_callers(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                _, report = self.profiled(python, "call_heavy.py")
                calls = [row for row in report.rows("call_heavy.py") if row.callee]
                callbacks = [row for row in calls if "lambda" in row.callee]
                # One by map(), one by reduce().
                self.assertEqual(len({row.callee for row in callbacks}), 2, callbacks)


class CodeIdentity(support.TestCase):
    def test_code_freed_and_its_address_reused(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                printed, report = self.profiled(python, "reused_code.py")
                self.assertLess(printed["addresses"], len(printed["used"]), "no address was reused")
                for i, used in printed["used"].items():
                    seconds = self_seconds(report, "<made %s>" % i)
                    hot = seconds.pop(int(i) + 3)
                    self.assertGreater(hot + seconds.pop(int(i) + 2, 0), 0.85 * used)
                    # The def line, where a module's code is, may have a sample.
                    self.assertLess(sum(seconds.values()), 0.003)

    def test_exec_of_new_code_in_a_loop_keeps_the_recording_small(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                sizes = [self.recording_bytes(python, "same", seconds) for seconds in (0.6, 2.4)]
                self.assertLess(sizes[1], 1.1 * sizes[0])

    def test_exec_of_ever_different_code_grows_the_recording_by_what_is_sampled(self):
        python = support.spread()[-1]
        sizes = [self.recording_bytes(python, "other", seconds) for seconds in (0.5, 1.5)]
        # A thousand samples more, each with at most two new code objects and as many nodes.
        self.assertLess(sizes[1] - sizes[0], 1000 * 1000)

    def recording_bytes(self, python, kind, seconds):
        """Bytes in use in the recording of exec_loop.py, which runs without the launcher."""
        return self.record(python, support.program("exec_loop.py"), kind, str(seconds)).used

    def test_recording_does_not_grow_with_run_time(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                script = support.program("hot_line.py")
                sizes = [self.record(python, script, str(busy), "0").used for busy in (0.4, 1.6)]
                self.assertLess(sizes[1], 1.1 * sizes[0])


class DeepRecursion(support.TestCase):
    def test_recursion_100000_deep(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                done, report = self.profile(python, "deep.py", 100000)
                self.assertEqual((done.returncode, done.stdout), (0, b'"done"\n'), done.stderr)
                self.assertGreater(report.marked("deep.py", "hot").time, 0.3)
                for rows in report.files.values():
                    for row in rows:
                        self.assertLessEqual(row.percent, 100.5, row)
                callees = {row.callee.split()[-1] for row in report.rows("deep.py") if row.callee}
                self.assertLessEqual({"descend", "spin"}, callees)
                self.assertTrue([note for note in report.notes() if "very deep stacks" in note])

    def test_recursion_1000_deep_keeps_every_caller(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                _, report = self.profiled(python, "deep.py", 1000)
                rows = [row for row in report.rows("deep.py") if row.callee]
                calls = {row.callee.split()[-1]: row.time for row in rows}
                hot = report.marked("deep.py", "hot").time
                self.assertAlmostEqual(calls["spin"], hot, delta=0.05)
                self.assertAlmostEqual(calls["descend"], calls["spin"], delta=0.05)


class LineTables(support.TestCase):
    def test_syntax_kinds_are_on_their_hot_line(self):
        """Comprehension, generator and async frames; statements of several lines."""
        for python in interpreters.found():
            printed, report = self.profiled(python, "syntax.py", options=["--clock", "cpu"])
            for mark, used in printed.items():
                with self.subTest(python=python.name, mark=mark):
                    seconds = report.marked("syntax.py", mark).time
                    self.assertGreater(seconds, 0.9 * used)
                    self.assertLess(seconds, 1.03 * used + 0.005)

    def test_line_table_longer_than_4_kb(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                path = self.path("long_function.py")
                options = ["--clock", "cpu"]
                printed, report = self.profiled(python, "long_table.py", path, options=options)
                self.assertGreater(printed["table"], 8000)
                hot = report.marked("long_function.py", "hot").time
                self.assertGreater(hot, 0.9 * 0.3)

    def test_generators_and_async_are_not_lost(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                printed, report = self.profiled(python, "event_loop.py", options=["--clock", "cpu"])
                for mark, used in printed["used"].items():
                    self.assertAlmostEqual(
                        report.marked("event_loop.py", mark).time, used, delta=0.03 + 0.1 * used
                    )


class Stacks(support.TestCase):
    """The handler on stacks that are small or no thread's own."""

    def test_small_and_foreign_stacks_are_not_overrun(self):
        library = self.native("small_stacks")
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    printed, _ = self.profiled(
                        *[python, "native_stacks.py", library],
                        options=["--timer", timer],
                        period=FAST,
                    )
                    self.assertEqual(printed, {"context": 0, "smallest_thread": 0, "altstack": 0})

    def test_greenlets_are_walked(self):
        for python in interpreters.found():
            have = subprocess.run([python.path, "-c", "import greenlet"], stderr=subprocess.DEVNULL)
            if have.returncode == 0:
                _, report = self.profiled(python, "greenlets.py")
                self.assertGreater(report.marked("greenlets.py", "hot").time, 0.2)
                return
        self.skipTest("no interpreter here has greenlet")


class Variants(support.TestCase):
    """Interpreters that are built or started in another way."""

    def test_pythonmalloc_debug(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                env = self.environment(PYTHONMALLOC="debug", TEST_PYTHON=python.path)
                _, report = self.profiled(python, "hot_line.py", 0.3, 0, env=env)
                self.assertGreater(report.marked("hot_line.py", "hot").time, 0.25)

    def test_jit_lines_are_right_or_the_report_says_so(self):
        ran = False
        for python in interpreters.found():
            probe = "import sys; sys.exit(not (hasattr(sys, '_jit') and sys._jit.is_enabled()))"
            env = self.environment(PYTHON_JIT="1", TEST_PYTHON=python.path)
            if subprocess.run([python.path, "-c", probe], env=env).returncode != 0:
                continue
            ran = True
            with self.subTest(python=python.name):
                printed, report = self.profiled(python, "jit_lines.py", env=env)
                self.assertEqual(sum("JIT" in note for note in report.notes()), 1, report.notes())
                for mark, used in printed.items():
                    self.assertGreater(report.marked("jit_lines.py", mark).time, 0.5 * used)
        if not ran:
            self.skipTest("no interpreter here has a JIT")

    def test_free_threaded_build_is_refused_with_one_line(self):
        found = support.free_threaded()
        if not found:
            self.skipTest("no free-threaded Python here")
        done = self.lineprof("-s", "0.001", "-qo", "out.txt", "--", found, "-c", "print(6)")
        self.assertEqual((done.returncode, done.stdout), (0, b"6\n"))
        self.assertRegex(done.stderr, rb"\Alineprof: [^\n]*free-threaded[^\n]*\n\Z")

    def test_settrace_and_coverage_beside_it(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                printed, report = self.profiled(python, "traced.py")
                self.assertEqual(printed["lines"], printed["expected"])
                self.assertGreater(report.marked("traced.py", "tracer").hits, 0)
                self.assertGreater(report.marked("traced.py", "traced").hits, 0)


if __name__ == "__main__":
    unittest.main()
