"""The processes of a run: each one's work where it belongs, how it ended, a report for each."""

import json
import os
import re
import time
import unittest

import interpreters
import support

# Process: 7, parent 1, 0.5s, 500 samples, exit status 0: python3 main.py
PROCESS = re.compile(
    r"^Process: (?P<pid>\d+), parent (?P<parent>\d+), (?P<seconds>\S+)s, (?P<samples>\d+) samples, "
    r"(?P<end>[^:]*): (?P<command>.*)$",
    re.MULTILINE,
)


def processes(report):
    return [match.groupdict() for match in PROCESS.finditer(report.text)]


class Family(support.TestCase):
    def run_family(self, python, how, *options, **changes):
        """`changes` of the environment."""
        log = self.path("log-%s-%s" % (python.name.replace("/", "-"), how))
        done = self.lineprof(
            *["-s", "0.001", "-q", "--clock", "cpu", "-o", "out.txt", *options],
            *["--python", python.path, support.program("process_family.py"), how, log],
            env=self.environment(TEST_PYTHON=python.path, **changes),
        )
        self.assertEqual(done.returncode, 5, done.stderr)
        # A survivor may go on for a while.
        with open(log, encoding="utf-8") as file:
            return [json.loads(line) for line in file], support.Report(self.read("out.txt"))

    def check_work(self, lines, report):
        """The report has the work of all, and the table of processes that of each."""
        expected = sum(spent for _, _, spent in lines)
        row = report.marked("process_family.py", "work")
        self.assertAlmostEqual(row.time, expected, delta=0.04 + 0.05 * expected)
        samples = {}
        for process in processes(report):
            samples[int(process["pid"])] = samples.get(int(process["pid"]), 0) + int(process["samples"])
        for pid in {pid for pid, _, _ in lines}:
            spent = sum(seconds for of, _, seconds in lines if of == pid)
            self.assertIn(pid, samples)
            # Those of the interpreter's own start come on top.
            self.assertGreater(samples[pid], 0.85 * spent * 1000, (pid, samples, lines))

    def check(self, how, ends, pythons=None, is_pool=False):
        for python in pythons or support.spread():
            with self.subTest(python=python.name):
                lines, report = self.run_family(python, how)
                self.check_work(lines, report)
                workers = {pid for pid, _, _ in lines}
                found = [p["end"] for p in processes(report) if int(p["pid"]) in workers]
                # One worker of a pool may do all before the other has begun.
                arrange = set if is_pool else sorted
                self.assertEqual(arrange(found), arrange(ends))
                self.assert_no_recordings()

    def test_subprocess(self):
        self.check("subprocess", ["exit status 5"] * 3, interpreters.found())

    def test_posix_spawn(self):
        self.check("posix_spawn", ["exit status 5"] * 2)

    def test_pools_of_multiprocessing(self):
        for method in ("fork", "spawn", "forkserver"):
            self.check(method, ["exit status 5", "exit status 0"], is_pool=True)

    def test_fork_in_threads(self):
        self.check("fork_in_threads", ["exit status 5", "exit status 7", "exit status 7"])

    def test_exec_of_another_python(self):
        self.check("exec_of_python", ["became another program", "exit status 5", "exit status 5"])

    def test_exec_of_a_shell_and_back(self):
        self.check(
            "exec_through_a_shell", ["became another program", "exit status 5", "exit status 5"]
        )

    def test_pool_of_concurrent_futures(self):
        self.check("futures", ["exit status 5", "exit status 0"], is_pool=True)

    def test_double_fork(self):
        self.check("double_fork", ["exit status 5", "exit status 0"])

    def test_children_killed_by_signals(self):
        self.check("signals", ["exit status 5", "signal 15", "signal 9"])

    def test_how_children_ended_is_what_the_program_sees(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                ends, report = self.profiled(python, "killed_children.py", options=["-q"])
                self.assertEqual(len(ends), 15)
                self.assertEqual({end for _, end in ends}, {"signal 9", "signal 11", "exit status 3"})
                found = {int(process["pid"]): process["end"] for process in processes(report)}
                self.assertEqual({pid: found.get(pid) for pid, _ in ends}, dict(ends))
                self.assert_no_recordings()

    def test_children_of_programs_that_are_not_python(self):
        child = "'%s' -c 'import os, signal; os.kill(os.getpid(), signal.%s)'"
        for command, end in (
            (["timeout", "-s", "USR1", "0.5", support.PYTHON, "-c", "while True: pass"], "signal 10"),
            (["sh", "-c", child % (support.PYTHON, "SIGKILL") + "; true"], "signal 9"),
            (["bash", "-c", child % (support.PYTHON, "SIGSEGV") + "; true"], "signal 11"),
        ):
            with self.subTest(command=command[0]):
                self.sample("-qo", "out.txt", "--", *command)
                (process,) = processes(support.Report(self.read("out.txt")))
                self.assertEqual(process["end"], end)

    def test_a_child_that_nobody_waits_for_has_no_known_end(self):
        code = "import os, signal, time\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        code += "read, write = os.pipe()\nif os.fork() == 0: os.kill(os.getpid(), signal.SIGKILL)\n"
        code += "os.close(write)\nos.read(read, 1)\n"
        done = self.sample("-qo", "out.txt", self.write("ignored.py", code))
        self.assertEqual(done.returncode, 0, done.stderr)
        ends = [process["end"] for process in processes(support.Report(self.read("out.txt")))]
        self.assertEqual(sorted(ends), ["end not known", "exit status 0"])

    def test_program_killed_by_a_signal(self):
        self.write("a.py", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)")
        self.sample("-qo", "out.txt", "a.py")
        (process,) = processes(support.Report(self.read("out.txt")))
        self.assertEqual(process["end"], "signal 15")

    def test_child_that_outlives_the_program_is_named(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                go = "go-%d" % python.version[1]
                self.addCleanup(self.write, go, "")  # whatever comes, it ends
                lines, report = self.run_family(python, "survivor", TEST_GO=self.path(go))
                ends = [process["end"] for process in processes(report)]
                self.assertEqual(sorted(ends), ["exit status 5", "still running"])
                survivor = next(p for p in processes(report) if p["end"] == "still running")
                notes = "\n".join(report.notes())
                self.assertIn("process %s: still ran at the end" % survivor["pid"], notes)
                self.write(go, "")
                while len(lines) < 2:  # so that it is gone when the test's directory goes
                    time.sleep(0.02)
                    with open(self.path("log-%s-survivor" % python.name.replace("/", "-"))) as file:
                        lines = file.readlines()

    def test_wait_children_waits_for_it(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                lines, report = self.run_family(python, "survivor", "--wait-children")
                self.assertEqual(len(lines), 2)
                self.check_work(lines, report)
                ends = [process["end"] for process in processes(report)]
                self.assertEqual(sorted(ends), ["exit status 3", "exit status 5"])
                self.assertEqual(report.notes(), [])


class Reports(support.TestCase):
    def run_two(self, *options):
        code = "import os\npid = os.fork()\nsum(range(9000000))\n"
        code += "if pid: os.wait()\nelse: os._exit(0)\n"
        done = self.sample("-q", *options, self.write("two.py", code))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done

    def test_per_process_names_files_by_process(self):
        self.run_two("--per-process", "-o", "out.txt", "-o", "all-%p.json", "-o", "run.lineprof")
        names = sorted(os.listdir(self.directory))
        pids = sorted(int(name[4:-4]) for name in names if re.fullmatch(r"out-\d+\.txt", name))
        self.assertEqual(len(pids), 2)
        for pid in pids:
            report = support.Report(self.read("out-%d.txt" % pid))
            self.assertEqual([int(p["pid"]) for p in processes(report)], [pid])
            self.assertIn("all-%d.json" % pid, names)
            again = self.lineprof("report", "run-%d.lineprof" % pid)
            self.assertEqual(again.stdout.decode(), report.text)

    def test_per_process_on_standard_output_is_one_after_another(self):
        text = self.run_two("--per-process").stdout.decode()
        reports = re.split(r"^(?=Command line: )", text, flags=re.MULTILINE)[1:]
        self.assertEqual([len(processes(support.Report(each))) for each in reports], [1, 1])

    def test_five_hundred_children(self):
        code = "import os\nfor _ in range(500):\n    if os.fork() == 0: os._exit(0)\n    os.wait()\n"
        done = self.sample("-qo", "out.txt", self.write("many.py", code))
        self.assertEqual(done.returncode, 0, done.stderr)
        report = support.Report(self.read("out.txt"))
        self.assertEqual(report.headers["Processes"], "501")
        self.assertEqual(len(processes(report)), 20)
        self.assertRegex(report.headers["Processes not listed"], r"^481, \S+s, \d+ samples$")
        self.assertTrue(all(p["end"] == "exit status 0" for p in processes(report)))
        self.assert_no_recordings()

    def test_counted_processes_have_events_and_ends(self):
        done = self.lineprof(
            *["-qo", "out.txt", "--python", support.PYTHON],
            self.write("a.py", "import os\nif os.fork() == 0: os._exit(4)\nos.wait()\n"),
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        ends = re.findall(r"^Process: \d+, .* \d+ events, (.*?):", self.read("out.txt"), re.MULTILINE)
        self.assertEqual(sorted(ends), ["exit status 0", "exit status 4"])


if __name__ == "__main__":
    unittest.main()
