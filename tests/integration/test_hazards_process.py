"""Life and death of the process: no end loses a sample (hazards.md)."""

import os
import random
import shutil
import signal
import struct
import subprocess
import time
import unittest

import interpreters
import support

PERIOD = 0.001


class Deaths(support.TestCase):
    def check(self, how, returncode):
        """programs/ending.py ends so, and its report has what it did before."""
        ended = []
        for python in support.spread():
            with self.subTest(python=python.name, how=how):
                done, report = self.profile(python, "ending.py", how)
                self.assertEqual(done.returncode, returncode, done.stderr)
                hot = report.marked("ending.py", "hot")
                self.assertGreater(hot.hits, 0.8 * 0.3 / PERIOD)
                self.assertGreater(hot.time, 0.28)
                self.assert_no_recordings()
                ended.append(done)
        return ended

    def test_os_exit_loses_nothing(self):
        self.check("_exit", 9)

    def test_sigterm_loses_nothing(self):
        self.check("SIGTERM", -signal.SIGTERM)

    def test_sigkill_loses_nothing(self):
        self.check("SIGKILL", -signal.SIGKILL)

    def test_segfault_in_c_code_loses_nothing(self):
        self.check("segfault", -signal.SIGSEGV)

    def test_abort_loses_nothing(self):
        self.check("abort", -signal.SIGABRT)

    def test_faulthandler_still_prints_its_traceback(self):
        for done in self.check("faulthandler", -signal.SIGSEGV):
            self.assertIn(b"Fatal Python error: Segmentation fault", done.stderr)
            self.assertIn(b"ending.py", done.stderr)

    def test_daemon_threads_and_atexit_handlers_are_counted(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                options = ["--clock", "cpu"]
                done, report = self.profile(python, "ending.py", "threads", options=options)
                self.assertEqual(done.returncode, 0, done.stderr)
                for mark, seconds in (("hot", 0.3), ("daemon", 0.2), ("atexit", 0.2)):
                    self.assertAlmostEqual(
                        report.marked("ending.py", mark).time, seconds, delta=0.04, msg=mark
                    )

    def test_sigkill_at_20_random_moments_agrees_with_the_programs_tally(self):
        moments = random.Random(2)
        pythons = support.spread()
        for i in range(20):
            python, delay = pythons[i % len(pythons)], moments.uniform(0.01, 0.5)
            with self.subTest(python=python.name, delay=delay):
                used, report = self.kill_after(python, delay)
                hot = sum(row.time for row in report.rows("killed.py") if row.line)
                self.assertAlmostEqual(hot, used, delta=5 * PERIOD)

    def kill_after(self, python, delay):
        """Kills killed.py that long after it began to work: the CPU time it used, and the report."""
        tally = self.path("tally")
        with open(tally, "wb") as file:
            file.write(bytes(16))
        command = [support.LINEPROF, "-q", "-s", str(PERIOD), "--clock", "cpu", "-o", "out.txt"]
        command += ["--python", python.path, support.program("killed.py"), tally]
        with subprocess.Popen(command, cwd=self.directory, env=self.environment()) as process:
            pid = self.wait_for_pid(tally)
            time.sleep(delay)
            os.kill(pid, signal.SIGKILL)
            self.assertEqual(process.wait(support.TIMEOUT_SECONDS), -signal.SIGKILL)
        with open(tally, "rb") as file:
            _, used = struct.unpack("qd", file.read())
        return used, support.Report(self.read("out.txt"))

    def wait_for_pid(self, tally):
        deadline = time.monotonic() + support.TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            with open(tally, "rb") as file:
                pid, _ = struct.unpack("qd", file.read())
            if pid != 0:
                return pid
            time.sleep(0.005)
        raise AssertionError("the program has not begun")


class Programs(support.TestCase):
    def test_very_short_program_neither_crashes_nor_hides_that_it_was_short(self):
        for python in interpreters.found():
            path = self.write("short.py", "pass\n")
            for _ in range(3):
                with self.subTest(python=python.name):
                    done, report = self.profile(python, path, period="0.00005")
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertGreater(report.header_number("Samples"), 20)

    def test_thread_churn_of_2000_short_threads(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    printed, report = self.profiled(
                        python, "thread_churn.py", 2000, options=["--timer", timer]
                    )
                    self.assertEqual(printed["threads"], 2000)
                    self.assertEqual(report.headers["Threads"], "2001")
                    self.assertGreater(report.header_number("CPU time"), 0.9 * printed["cpu"])

    def test_setuid_program_is_left_alone(self):
        if os.geteuid() != 0:
            self.skipTest("only root can make a program that belongs to another user")
        os.chmod(self.directory, 0o755)
        program = shutil.copy(support.PYTHON, self.path("setuid"))
        os.chown(program, 65534, 65534)
        os.chmod(program, 0o4755)
        code = "import os; print(os.getuid() != os.geteuid())"
        done = self.lineprof("-s", "0.001", "-qo", "out.txt", "--", program, "-c", code)
        if done.stdout == b"False\n":
            self.skipTest("setuid has no effect in %s" % self.directory)
        self.assertEqual((done.returncode, done.stdout), (0, b"True\n"))
        self.assertIn(b"lineprof: no Python that can be profiled has run", done.stderr)

    def test_other_preloads_are_kept(self):
        library = self.native("blocking_calls")
        code = "import ctypes; print(ctypes.CDLL(None).c_usleep(1))"
        for python in support.spread():
            with self.subTest(python=python.name):
                env = self.environment(LD_PRELOAD=library)
                done, _ = self.profile(python, self.write("main.py", code), env=env)
                self.assertEqual((done.returncode, done.stdout), (0, b"0\n"), done.stderr)

    def test_static_binary_is_left_alone_and_named(self):
        source = self.write("main.c", "int main(void) { return 4; }\n")
        program = self.path("static")
        subprocess.run(["cc", "-static", "-o", program, source], check=True)
        done = self.lineprof("-s", "0.001", "-qo", "out.txt", "--", program)
        self.assertEqual(done.returncode, 4)
        self.assertEqual(len(done.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
