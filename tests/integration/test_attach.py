"""lineprof attach: running programs, looked at from outside, and unharmed by it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import unittest

import interpreters
import support

NOBODY = 65534


class Target:
    """programs/attached.py while it runs."""

    def __init__(self, command, **options):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **options
        )
        line = self.process.stdout.readline()
        self.inner_pid = int(line)  # as it sees itself
        self.pid = self.process.pid

    def finish(self):
        """Asks it to end; gives what it says, and whether its result is right."""
        out, _ = self.process.communicate(b"\n", timeout=support.TIMEOUT_SECONDS)
        said = json.loads(out.decode())
        checksum, term = 0, sum(range(3000))
        for _ in range(said["rounds"]):
            checksum = (checksum * 31 + term) % 1000003
        said["right"] = self.process.returncode == 0 and checksum == said["checksum"]
        return said

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


class AttachTestCase(support.TestCase):
    def target(self, python, *arguments, **options):
        command = [python, support.program("attached.py"), *map(str, arguments)]
        target = Target(command, **options)
        self.addCleanup(target.end)
        return target

    def attach(self, *arguments, **options):
        """lineprof with these words, reporting to out.txt; it must succeed."""
        done = self.lineprof(*map(str, arguments), "-o", "out.txt", **options)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return support.Report(self.read("out.txt"))

    def start(self, *arguments):
        """lineprof as a process that goes on."""
        process = subprocess.Popen(
            [support.LINEPROF, *map(str, arguments)],
            cwd=self.directory,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(process.stderr.close)
        return process

    def assert_hot(self, report, file="attached.py"):
        """The busy line has nearly all the CPU time, however much there was of it."""
        cpu = report.header_number("CPU time")
        self.assertGreater(cpu, 0)
        self.assertGreater(report.marked(file, "hot").time, 0.8 * cpu)

    def assert_unharmed(self, target):
        said = target.finish()
        self.assertTrue(said["right"], said)
        return said


class EachInterpreter(AttachTestCase):
    def test_lines_of_running_and_waiting_threads_are_right(self):
        seconds = 0.7
        for python in interpreters.found():
            with self.subTest(python=python.name):
                target = self.target(python.path)
                words = ["-s", "0.001", "-d", seconds, "-p", target.pid, "--exclude-syspath"]
                report = self.attach(*words)
                self.assert_unharmed(target)
                hot = report.marked("attached.py", "hot")
                cpu = report.header_number("CPU time")
                self.assertGreater(cpu, 0)
                self.assertGreater(hot.time, 0.93 * cpu)
                for mark in ("sleeps", "locked"):
                    waited = report.marked("attached.py", mark).time
                    self.assertAlmostEqual(waited, seconds, delta=0.25 * seconds)
                self.assertEqual(report.headers["Processes"], "1")
                self.assertEqual([name for name in report.files if "threading" in name], [])
                self.assertIn("read from outside", report.text)
                self.assertNotIn("GIL", report.text.split("File: ")[0])
                self.assert_no_recordings()

    def test_static_and_shared_interpreters_are_among_them(self):
        shared = set()
        for python in interpreters.found():
            target = self.target(python.path)
            with open("/proc/%d/maps" % target.pid, encoding="utf-8") as maps:
                shared.add("libpython3" in maps.read())
            target.end()
        if shared != {False, True}:
            self.skipTest("the interpreters here are all static, or all shared: %s" % shared)


class Ends(AttachTestCase):
    def test_a_signal_ends_the_looking_and_the_report_is_written(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                target = self.target(support.PYTHON)
                lineprof = self.start("attach", target.pid, "-qo", "out.txt")
                time.sleep(0.5)
                lineprof.send_signal(number)
                self.assertEqual(lineprof.wait(support.TIMEOUT_SECONDS), 0)
                self.assert_hot(support.Report(self.read("out.txt")))
                self.assert_unharmed(target)

    def test_the_end_of_the_program_ends_the_looking(self):
        target = self.target(support.PYTHON)
        lineprof = self.start("attach", target.pid, "-qo", "out.txt")
        time.sleep(0.5)
        self.assert_unharmed(target)
        self.assertEqual(lineprof.wait(support.TIMEOUT_SECONDS), 0)
        self.assert_hot(support.Report(self.read("out.txt")))

    def test_killing_lineprof_does_not_matter_to_the_program(self):
        target = self.target(support.PYTHON)
        for _ in range(5):
            lineprof = self.start("attach", target.pid, "-qo", "out.txt")
            time.sleep(0.2)
            lineprof.kill()
            lineprof.wait()
        self.assert_unharmed(target)

    def test_the_program_is_not_traced(self):
        target = self.target(support.PYTHON)
        lineprof = self.start("attach", target.pid, "-d", "0.5", "-qo", "out.txt")
        while lineprof.poll() is None:
            with open("/proc/%d/status" % target.pid, encoding="utf-8") as status:
                text = status.read()
            self.assertIn("TracerPid:\t0", text)
            self.assertNotIn("State:\tT", text)
            self.assertNotIn("State:\tt", text)
            time.sleep(0.01)
        self.assertEqual(lineprof.returncode, 0)
        self.assert_unharmed(target)


class Processes(AttachTestCase):
    def test_several_processes_are_in_one_report(self):
        targets = [self.target(python.path) for python in support.spread()]
        words = [word for target in targets for word in ("-p", target.pid)]
        report = self.attach("-d", "0.5", *words)
        self.assertEqual(report.headers["Processes"], str(len(targets)))
        for target in targets:
            self.assertIn(str(target.pid), report.text)
            self.assert_unharmed(target)

    def test_children_present_and_future(self):
        script = self.write(
            "parent.py",
            "import subprocess, sys, time\n"
            "code = 'import time\\nend = time.monotonic() + 3\\nwhile time.monotonic() < end: pass'\n"
            "first = subprocess.Popen([sys.executable, '-c', code])\n"
            "print('ready', flush=True)\n"
            "sys.stdin.readline()\n"
            "second = subprocess.Popen(['sh', '-c', '\"$1\" -c \"$2\"; exit', 'sh', sys.executable, code])\n"
            "first.wait()\n"
            "second.wait()\n",
        )
        parent = subprocess.Popen(
            [support.PYTHON, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.addCleanup(parent.wait)
        self.addCleanup(parent.stdin.close)
        self.addCleanup(parent.stdout.close)
        parent.stdout.readline()
        lineprof = self.start("attach", parent.pid, "--children", "-d", "2", "-qo", "out.txt")
        time.sleep(0.5)
        parent.stdin.write(b"\n")
        parent.stdin.flush()
        self.assertEqual(lineprof.wait(support.TIMEOUT_SECONDS), 0)
        report = support.Report(self.read("out.txt"))
        self.assertEqual(report.headers["Processes"], "3")

    def test_a_process_that_lineprof_runs(self):
        command = [support.LINEPROF, "-s", "0.001", "-qo", self.path("own.txt"), support.PYTHON]
        command[-1:] = ["--python", support.PYTHON, support.program("attached.py")]
        target = Target(command, cwd=self.directory)
        self.addCleanup(target.end)
        report = self.attach("attach", target.inner_pid, "-d", "0.5")
        self.assert_unharmed(target)
        self.assert_hot(report)
        self.assert_hot(support.Report(self.read("own.txt")))

    def test_a_virtual_environment(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                folder = self.path("venv%d" % python.version[1])
                made = subprocess.run(
                    [python.path, "-m", "venv", "--without-pip", folder],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    check=False,
                )
                inside = os.path.join(folder, "bin", "python")
                if made.returncode != 0 or subprocess.call([inside, "-c", ""], stderr=subprocess.DEVNULL):
                    self.skipTest("%s makes no virtual environment" % python.name)
                target = self.target(inside)
                report = self.attach("attach", target.pid, "-d", "0.4")
                self.assert_hot(report)
                self.assert_unharmed(target)

    def test_a_mount_and_pid_namespace_of_its_own(self):
        unshare = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
        if shutil.which("unshare") is None or subprocess.call([*unshare, "true"]) != 0:
            self.skipTest("no new namespaces may be made here")
        # Its script is on a file system that only it sees.
        script = (
            "mount -t tmpfs none /mnt && cp %s /mnt/attached.py && exec %s /mnt/attached.py"
            % (support.program("attached.py"), support.PYTHON)
        )
        target = Target([*unshare, "sh", "-c", script])
        self.addCleanup(target.end)
        self.assertEqual(target.inner_pid, 1)
        with open("/proc/%d/task/%d/children" % (target.pid, target.pid), encoding="ascii") as file:
            outer_pid = int(file.read().split()[0])
        report = self.attach("attach", outer_pid, "-d", "0.5")
        self.assert_hot(report, "/mnt/attached.py")
        self.assert_unharmed(target)

    def test_a_kept_recording_gives_the_same_report(self):
        target = self.target(support.PYTHON)
        self.lineprof("attach", str(target.pid), "-d", "0.4", "-qo", "a.txt", "-o", "a.lineprof")
        self.assert_unharmed(target)
        self.lineprof("report", "a.lineprof", "-o", "b.txt")
        self.assertEqual(self.read("a.txt"), self.read("b.txt"))


class BadInput(AttachTestCase):
    def refused(self, *words, status=2, **options):
        done = self.lineprof(*map(str, words), "-qo", "out.txt", **options)
        message = done.stderr.decode()
        self.assertEqual(done.returncode, status, message)
        self.assertEqual(message.count("\n"), 1, message)
        self.assertTrue(message.startswith("lineprof: "), message)
        self.assert_no_recordings()
        return message

    def test_what_is_no_process(self):
        ended = subprocess.Popen(["true"])
        ended.wait()
        for word in ("0", "-1", "x", "12x", "", "99999999999", ended.pid):
            with self.subTest(pid=word):
                self.assertIn(str(word), self.refused("-p", word))
        self.refused("attach")
        self.refused("attach", "x")

    def test_a_process_without_python(self):
        process = subprocess.Popen(["sleep", "60"])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertIn("no CPython", self.refused("-p", process.pid))
        self.assertIn("no CPython", self.refused("attach", os.getpid(), process.pid))

    def test_a_zombie(self):
        process = subprocess.Popen(["true"], stdout=subprocess.PIPE)
        process.stdout.read()
        time.sleep(0.1)
        self.assertIn("ended", self.refused("-p", process.pid))
        process.stdout.close()
        process.wait()

    def test_a_process_with_a_program(self):
        self.assertIn("-p", self.refused("-p", os.getpid(), "--", "true"))

    def test_a_process_of_another_user(self):
        if os.geteuid() != 0:
            self.skipTest("needs root, to be two users")
        target = self.target(support.PYTHON)
        copy = self.lineprof_for_all()
        os.chmod(self.directory, 0o777)
        os.chmod(self.recordings, 0o777)
        message = self.refused("-p", target.pid, lineprof=copy, preexec_fn=lambda: os.setuid(NOBODY))
        self.assertIn("user root", message)
        self.assertIn("sudo lineprof attach %d" % target.pid, message)
        self.assert_unharmed(target)

    def test_an_unsupported_version(self):
        paths = [*support.unsupported(), *filter(None, [support.free_threaded()])]
        if not paths:
            self.skipTest("no unsupported interpreter here")
        for path in paths:
            process = subprocess.Popen([path, "-c", "import time; time.sleep(60)"])
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            time.sleep(0.5)
            self.assertRegex(self.refused("-p", process.pid), "support|no CPython 3.8 or newer")

    def test_options_that_do_not_belong(self):
        self.assertIn("--children", self.refused("--children", "-c", "pass"))
        for name in ("out.lprof", "out.trace.json", "out.gecko.json"):
            self.assertIn(name, self.refused("-p", os.getpid(), "-o", name))
            self.assertFalse(os.path.exists(self.path(name)))
        for value in ("0", "-1", "x"):
            self.assertIn("--duration", self.refused("-p", os.getpid(), "--duration=" + value))
        self.refused("-p", os.getpid(), "-s", "7")


if __name__ == "__main__":
    sys.exit(unittest.main())
