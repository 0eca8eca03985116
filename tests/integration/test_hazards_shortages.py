"""Shortages and refusals of the machine: none harms the program, each is told of (hazards.md)."""

import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

import support

# x86-64 (unistd_64.h)
FALLOCATE = 285
PERF_EVENT_OPEN = 298


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
        return self.started("unshare", "--mount", "sh", "-c", script, "sh", *arguments)

    def started(self, *command):
        return subprocess.run(
            command,
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

    def denied(self, call, error, python, *arguments):
        """Runs lineprof, and all that it starts, where the kernel answers a system call with an error."""
        return self.started(
            *[sys.executable, support.program("denied.py"), str(call), str(error), support.LINEPROF],
            *["-s", "0.001", "-qo", "out.txt", "--python", python.path, *arguments],
        )

    def test_seccomp_without_perf_event_open(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                script = support.program("hot_line.py")
                done = self.denied(PERF_EVENT_OPEN, errno.EPERM, python, script, "0.3", "0")
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                report = support.Report(self.read("out.txt"))
                self.assertIn("monotonic", report.headers["Timer"])
                self.hits(report)
                done = self.denied(PERF_EVENT_OPEN, errno.EPERM, python, "--timer", "perf", script, "0.3", "0")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("timer", "\n".join(support.Report(self.read("out.txt")).notes()))

    def test_disk_quota_exceeded(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                done = self.denied(FALLOCATE, errno.EDQUOT, python, support.program("hot_line.py"), "0.3", "0")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertRegex(done.stderr, rb"is not profiled: [^\n]*Disk quota exceeded\n")

    def test_little_stack_allowed(self):
        self.check("--stack=%d" % (128 << 10), self.hits)

    def test_no_proc_is_refused_before_the_start(self):
        python = support.spread()[-1]
        done = self.mounted(
            *['mount -t tmpfs none /proc; exec "$@"', support.LINEPROF, "-s", "0.001", "-o", "out.txt"],
            *["--python", python.path, "-c", "print(1)"],
        )
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertRegex(done.stderr, rb"\Alineprof: [^\n]*/proc[^\n]*\n\Z")

    def test_no_proc_for_the_program(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                done = self.mounted(
                    *['exec "$@"', support.LINEPROF, "-s", "0.001", "-qo", "out.txt", "--", "sh", "-c"],
                    *['mount -t tmpfs none /proc; exec "$@"', "sh", python.path],
                    *[support.program("hot_line.py"), "0.3", "0"],
                )
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.hits(support.Report(self.read("out.txt")))

    def memory_group(self, limit):
        """A control group of so many bytes; skips where none can be made."""
        for parent, file in (("memory", "memory.limit_in_bytes"), ("", "memory.max")):
            group = os.path.join("/sys/fs/cgroup", parent, "lineprof-test-%d" % os.getpid())
            try:
                os.mkdir(group)
                self.addCleanup(os.rmdir, group)
                with open(os.path.join(group, file), "w", encoding="ascii") as setting:
                    setting.write(str(limit))
                return group
            except OSError as error:
                reason = str(error)
        return self.skipTest("no control group of memory can be made: " + reason)

    def test_out_of_memory_in_a_control_group(self):
        join = os.path.join(self.memory_group(256 << 20), "cgroup.procs")
        for python in support.spread():
            with self.subTest(python=python.name):
                done = self.lineprof(
                    *["-s", "0.001", "-qo", "out.txt", "--", "sh", "-c", 'echo $$ >"$0"; exec "$@"', join],
                    *[python.path, support.program("hoards.py")],
                )
                self.assertEqual(done.returncode, -signal.SIGKILL, done.stderr)
                report = support.Report(self.read("out.txt"))
                self.assertGreater(report.marked("hoards.py", "hot").hits, 200)
