"""Life and death of the process: no end loses a sample, no shortage harms it (hazards.md)."""

import os
import random
import shutil
import signal
import struct
import subprocess
import tempfile
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


class Shortages(support.TestCase):
    """The program is unharmed: it runs to its end, profiled, or with one line that says why not."""

    def check(self, limit, check=lambda report: None):
        """Runs hot_line.py under a limit, on each timer; then check(report)."""
        name = "hot_line.py"
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    done = self.lineprof(
                        *["-s", "0.001", "-qo", "out.txt", "--timer", timer, "--", "prlimit", limit],
                        *[python.path, support.program(name), "0.3", "0"],
                    )
                    self.assertEqual(done.returncode, 0, done.stderr)
                    self.assertTrue(done.stdout)
                    report = support.Report(self.read("out.txt"))
                    if not [file for file in report.files if file.endswith(name)]:
                        said = done.stderr.decode() + "\n".join(report.notes())
                        self.assertRegex(said, "(?i)not profiled|no Python|timer|limit", report.text)
                    check(report)

    def hits(self, report):
        self.assertGreater(report.marked("hot_line.py", "hot").hits, 200)

    def test_no_pending_signals_allowed(self):
        self.check("--sigpending=0")

    def test_16_descriptors_allowed(self):
        self.check("--nofile=16", self.hits)

    def test_little_address_space_allowed(self):
        self.check("--as=%d" % (400 << 20), self.hits)

    def test_no_file_size_allowed(self):
        self.check("--fsize=0")

    def test_no_more_threads_allowed(self):
        if os.geteuid() == 0:
            self.skipTest("root is not held to RLIMIT_NPROC")
        self.check("--nproc=1")

    def test_read_only_working_directory(self):
        folder = self.path("read-only")
        os.mkdir(folder, 0o555)
        for python in support.spread():
            with self.subTest(python=python.name):
                out = self.path("out.txt")
                command = ["-s", "0.001", "-qo", out, "--python", python.path]
                done = self.lineprof(*command, support.program("hot_line.py"), "0.3", "0", cwd=folder)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.hits(support.Report(self.read("out.txt")))

    def mounted(self, script, *arguments):
        """Runs a shell script where it may mount; skips where that is not allowed."""
        may = subprocess.run(
            ["unshare", "--mount", "mount", "-t", "tmpfs", "none", self.recordings],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if may.returncode != 0:
            self.skipTest("no mount is allowed here")
        return subprocess.run(
            ["unshare", "--mount", "sh", "-c", script, "sh", *arguments],
            cwd=self.directory,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=support.TIMEOUT_SECONDS,
        )

    def test_no_dev_shm(self):
        python = support.spread()[-1]
        script = 'mount -t tmpfs -o size=0,mode=000,ro none /dev/shm; exec "$@"'
        done = self.mounted(
            *[script, support.LINEPROF, "-s", "0.001", "-qo", "out.txt", "--python", python.path],
            *[support.program("hot_line.py"), "0.3", "0"],
        )
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.hits(support.Report(self.read("out.txt")))

    def test_disk_full_while_recording(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                script = 'mount -t tmpfs -o size=72m none "$1"; shift; exec "$@"'
                done = self.mounted(
                    *[script, self.recordings, support.LINEPROF, "-s", "0.00005", "-qo", "out.txt"],
                    *["--python", python.path, support.program("fills_disk.py"), self.recordings],
                )
                self.assertEqual((done.returncode, done.stdout), (0, b'"done"\n'), done.stderr)
                report = support.Report(self.read("out.txt"))
                self.assertGreater(report.header_number("Samples lost (recording full)"), 0)
                self.assertGreater(report.header_number("Samples on CPU"), 100)

    def test_no_room_for_any_recording_is_refused_before_the_start(self):
        folder = tempfile.mkdtemp(prefix="lineprof-test-", dir="/var/tmp")
        self.addCleanup(shutil.rmtree, folder)
        script = 'mount -t tmpfs -o size=1m none /tmp; unset TMPDIR XDG_RUNTIME_DIR; exec "$@"'
        if support.BUILD.startswith("/tmp/"):
            self.skipTest("the build to test is under /tmp")
        done = self.mounted(
            script, support.LINEPROF, "-s", "0.001", "-o", os.path.join(folder, "o"), "-c", "print(1)"
        )
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertRegex(done.stderr, rb"\Alineprof: no place for the recordings[^\n]*\n\Z")


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
