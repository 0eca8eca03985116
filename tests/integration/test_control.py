"""Starting and stopping: --delay, --duration, lineprof ctl, --toggle-signal."""

import os

import signal
import subprocess
import unittest

import support

# Works in phases of lines of their own, each until the file that its name stands for is there.
PHASES = """
import os, sys, time

def step(name):
    print(name, flush=True)
    while not os.path.exists(sys.argv[1] + "/" + name):
        sum(range(1000))

step("one")  # one
step("two")  # two
step("three")  # three
"""


class Phases(support.TestCase):
    """A program that this test leads from phase to phase."""

    def start(self, *options):
        self.write("phases.py", PHASES)
        command = [support.LINEPROF, "-s", "0.001", "-qo", "out.txt", "--python", support.PYTHON]
        self.running = subprocess.Popen(
            [*command, *options, "phases.py", self.directory],
            cwd=self.directory,
            env=self.environment(),
            stdout=subprocess.PIPE,
        )
        self.addCleanup(self.running.stdout.close)
        self.addCleanup(self.running.kill)
        self.reach("one")
        with open("/proc/%d/task/%d/children" % (self.running.pid, self.running.pid)) as file:
            self.program = int(file.read().split()[0])

    def refuse(self, named, *arguments):
        done = self.lineprof(*arguments)
        self.assertEqual((done.returncode, done.stdout), (2, b""), done.stderr)
        self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
        self.assertRegex(done.stderr.decode(), named)

    def reach(self, name):
        self.assertEqual(self.running.stdout.readline().decode().strip(), name)

    def finish(self, name):
        self.write(name, "")

    def step(self, name, following):
        self.finish(name)
        self.reach(following)

    def ctl(self, *arguments, pid=None):
        done = self.lineprof("ctl", str(pid or self.program), *arguments)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode()

    def burn(self, seconds=0.5):
        """Time for the program to work in its phase."""
        subprocess.run(["sleep", str(seconds)], check=True)

    def hits(self, report):
        calls = {}
        for row in report.rows("phases.py"):
            if row.callee is not None:
                calls[mark] = row.hits
            mark = row.source
        return {name: calls.get('step("%s")  # %s' % (name, name), 0) for name in ("one", "two", "three")}

    def end(self):
        self.assertEqual(self.running.wait(timeout=support.TIMEOUT_SECONDS), 0)
        report = support.Report(self.read("out.txt"))
        return report, self.hits(report)


class Control(Phases):
    def test_stop_and_start(self):
        for pid_of in ("program", "lineprof"):
            with self.subTest(pid=pid_of):
                for name in ("one", "two", "three"):
                    if os.path.exists(self.path(name)):
                        os.remove(self.path(name))
                self.start()
                pid = self.program if pid_of == "program" else self.running.pid
                self.burn()
                self.ctl("stop", pid=pid)
                self.burn(0.2)
                self.step("one", "two")
                self.burn()
                self.step("two", "three")
                self.ctl("start", pid=pid)
                self.burn()
                self.finish("three")
                report, hits = self.end()
                self.assertGreater(hits["one"], 50)
                self.assertEqual(hits["two"], 0)
                self.assertGreater(hits["three"], 50)
                # What was not profiled is in no total.
                self.assertGreater(report.header_number("Paused"), 0.6)
                profiled = report.header_number("Total duration")
                ran = report.header_number("CPU time") + report.header_number("Waiting time")
                self.assertAlmostEqual(ran, profiled, delta=0.1)
                self.assertEqual(report.header_number("Unsampled CPU time"), 0)

    def test_snapshot_is_a_report_of_a_run_that_goes_on(self):
        self.start("--per-thread")
        self.burn()
        self.step("one", "two")
        report = support.Report(self.ctl("snapshot"))
        self.assertGreater(self.hits(report)["one"], 50)
        self.assertIn("still running", report.text)
        self.assertNotIn("wait-children", "\n".join(report.notes()))
        self.ctl("snapshot", "-o", "snapshot.lineprof", "-o", "snapshot.json", pid=self.running.pid)
        kept = self.lineprof("report", "snapshot.lineprof", "--per-thread")
        self.assertGreater(self.hits(support.Report(kept.stdout.decode()))["one"], 50)
        self.step("two", "three")
        self.finish("three")
        _, hits = self.end()
        self.assertGreaterEqual(hits["one"], 50)

    def test_snapshot_of_what_the_run_does_not_keep_is_refused(self):
        self.start()
        for name, reason in (("out.trace.json", "no timeline"), ("out.lprof", "holds counts")):
            self.refuse(reason, "ctl", str(self.program), "snapshot", "-o", name)
            self.assertFalse(os.path.exists(self.path(name)))
        self.refuse("recorded without it", "ctl", str(self.program), "snapshot", "--per-thread")
        self.step("one", "two")
        self.step("two", "three")
        self.finish("three")
        self.end()

    def test_delay_and_duration(self):
        self.start("--delay", "2", "-d", "0.6")
        self.burn(0.3)
        self.step("one", "two")
        self.burn(3)
        self.step("two", "three")
        self.burn(0.2)
        self.finish("three")
        report, hits = self.end()
        self.assertEqual((hits["one"], hits["three"]), (0, 0))
        self.assertGreater(hits["two"], 50)
        self.assertAlmostEqual(report.header_number("Total duration"), 0.6, delta=0.2)

    def test_toggle_signal_is_not_the_programs(self):
        self.start("--toggle-signal", "SIGUSR2")
        self.burn()
        self.running.send_signal(signal.SIGUSR2)
        self.burn(0.2)
        self.step("one", "two")
        self.burn(0.3)
        self.step("two", "three")
        self.running.send_signal(signal.SIGUSR2)
        self.burn()
        self.finish("three")
        _, hits = self.end()
        self.assertGreater(hits["one"], 50)
        self.assertEqual(hits["two"], 0)
        self.assertGreater(hits["three"], 50)

    def test_children_of_a_stopped_run_are_stopped_too(self):
        code = "import os, subprocess, sys, time\n"
        code += "burn = 'end = time.process_time() + 0.3\\nwhile time.process_time() < end: pass'\n"
        code += "if os.fork() == 0:\n    exec(burn)\n    os._exit(0)\n"
        code += "os.wait()\nsubprocess.run([sys.executable, '-c', 'import time\\n' + burn])\n"
        done = self.sample("-qo", "out.txt", "--delay", "60", self.write("family.py", code))
        self.assertEqual(done.returncode, 0, done.stderr)
        report = support.Report(self.read("out.txt"))
        self.assertEqual(report.headers["Processes"], "3")
        self.assertEqual(report.headers["Samples"], "0")
        self.assertLess(report.header_number("Total duration"), 0.1)


class Refused(Phases):
    def test_bad_requests_are_one_line(self):
        self.write("a.py", "pass")
        for named, arguments in (
            ("no id of a process", ["ctl", "x", "stop"]),
            ("no id of a process", ["ctl", "0", "stop"]),
            ("there is no process 4194304", ["ctl", "4194304", "stop"]),
            ("must be start, stop or snapshot", ["ctl", "1", "halt"]),
            ("ctl takes a process", ["ctl", "1"]),
            ("does not run under lineprof", ["ctl", str(os.getpid()), "stop"]),
            ("needs -s", ["--delay", "1", "a.py"]),
            ("needs -s", ["-d", "1", "a.py"]),
            ("above 0", ["-s", "0.001", "--delay", "-1", "a.py"]),
            ("must be one of", ["-s", "0.001", "--toggle-signal", "SIGTERM", "a.py"]),
        ):
            with self.subTest(arguments=arguments):
                self.refuse(named, *arguments)

    def test_counted_runs_are_refused(self):
        command = [support.LINEPROF, "-qo", "out.txt", "--python", support.PYTHON]
        code = "input()"
        running = subprocess.Popen(
            [*command, "-c", code], cwd=self.directory, env=self.environment(), stdin=subprocess.PIPE
        )
        try:
            for _ in range(200):
                if any(name for name in os.listdir(self.recordings)):
                    break
                subprocess.run(["sleep", "0.05"], check=True)
            subprocess.run(["sleep", "0.3"], check=True)
            self.refuse("this run is counted", "ctl", str(running.pid), "stop")
        finally:
            running.communicate(b"\n")


if __name__ == "__main__":
    unittest.main()
