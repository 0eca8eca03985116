"""Kept recordings: reports from them, merged ones, what is no recording."""

import os
import re
import shutil
import unittest

import support

FAMILY = """
import subprocess, sys, threading

def work(n):
    total = 0
    for i in range(n):
        total += i * i
    return total

def through(function, *arguments):
    return function(*arguments)

if len(sys.argv) < 2:
    thread = threading.Thread(target=work, args=(600000,))
    thread.start()
    through(work, 600000)
    thread.join()
    subprocess.run([sys.executable, __file__, "child"])
else:
    through(work, 600000)
"""


class Kept(support.TestCase):
    """One run that is kept, and its reports as they were right after it."""

    def setUp(self):
        super().setUp()
        self.write("f\u00e4mily.py", FAMILY)
        done = self.sample(
            *["-q", "-o", "run.lineprof", "-o", "out.txt", "-o", "%h-%p.txt", "f\u00e4mily.py"]
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def report(self, *arguments, **options):
        done = self.lineprof("report", *arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return support.Report(done.stdout.decode())

    def refuse(self, status, named, *arguments):
        done = self.lineprof(*arguments)
        stderr = done.stderr.decode()
        self.assertEqual(done.returncode, status, stderr)
        self.assertEqual(done.stdout, b"")
        self.assertEqual(stderr.count("\n"), 1, stderr)
        self.assertIn(named, stderr)

    def test_report_is_the_one_after_the_run_byte_by_byte(self):
        self.assertEqual(self.report("run.lineprof").text, self.read("out.txt"))

    def test_report_needs_neither_sources_nor_place(self):
        os.remove(self.path("f\u00e4mily.py"))
        os.mkdir(self.path("elsewhere"))
        shutil.move(self.path("run.lineprof"), self.path("elsewhere"))
        report = self.report("run.lineprof", cwd=self.path("elsewhere"))
        self.assertEqual(report.text, self.read("out.txt"))

    def test_filters_clock_and_stacks_can_be_chosen_later(self):
        report = self.report("run.lineprof", "--include", "mily.py", "--clock", "cpu")
        self.assertEqual(list(report.files), ["f\u00e4mily.py"])
        self.assertEqual(report.headers["Clock"], "cpu")
        calls = {row.callee for row in report.rows("mily.py") if row.callee}
        self.assertIn("f\u00e4mily.py:10 through", calls)
        folded = self.report("run.lineprof", "--include", "mily.py", "--fold", "^through$")
        calls = {row.callee for row in folded.rows("mily.py") if row.callee}
        self.assertNotIn("f\u00e4mily.py:10 through", calls)
        self.assertIn("f\u00e4mily.py:4 work", calls)
        below = self.report("run.lineprof", "--root", "^work$")
        self.assertEqual(list(below.files), ["f\u00e4mily.py"])

    def test_each_process_has_its_own_report(self):
        names = [name for name in os.listdir(self.directory) if re.fullmatch(r".+-\d+\.txt", name)]
        self.assertEqual(len(names), 2)
        parts = [support.Report(self.read(name)) for name in names]
        whole = support.Report(self.read("out.txt"))
        for part in parts:
            self.assertEqual(part.headers["Processes"], "1")
        self.assertEqual(
            sum(part.header_number("Samples") for part in parts), whole.header_number("Samples")
        )
        self.lineprof("report", "run.lineprof", "-o", "again-%p.txt")
        for name in names:
            again = "again-" + name.rsplit("-", 1)[1]
            self.assertEqual(self.read(again), self.read(name))

    def test_merged_runs_add_up(self):
        done = self.lineprof("merge", "run.lineprof", "run.lineprof", "-o", "all.lineprof")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        once = self.report("run.lineprof")
        twice = self.report("all.lineprof")
        for name in ("Samples", "Processes", "Threads"):
            self.assertEqual(twice.header_number(name), 2 * once.header_number(name))
        self.assertEqual(twice.headers["Command line"], once.headers["Command line"])
        hits = [{r.line: r.hits for r in x.rows("mily.py") if r.line} for x in (once, twice)]
        self.assertEqual({line: 2 * count for line, count in hits[0].items()}, hits[1])
        self.refuse(1, "is the name of two processes", "report", "all.lineprof", "-o", "%p.txt")

    def test_ranks_of_a_job_are_told_apart(self):
        for rank in "01":
            done = self.sample(
                *["-q", "-o", "rank%s.lineprof" % rank, "-c", "pass"],
                env=self.environment(OMPI_COMM_WORLD_RANK=rank)
            )
            self.assertEqual(done.returncode, 0, done.stderr)
        self.lineprof("merge", "rank0.lineprof", "rank1.lineprof", "-o", "all.lineprof")
        host = os.uname().nodename
        report = self.report("all.lineprof")
        self.assertEqual(report.headers["Ran on"], "%s rank 0, %s rank 1" % (host, host))

    def test_a_source_that_differs_between_runs_is_noted(self):
        self.write("f\u00e4mily.py", FAMILY + "# more\n")
        done = self.sample("-q", "-o", "second.lineprof", "f\u00e4mily.py")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.lineprof("merge", "run.lineprof", "second.lineprof", "-o", "all.lineprof")
        report = self.report("all.lineprof", "--include", "mily.py")
        self.assertIn("the runs had different texts", report.text)
        self.assertNotIn("# more", report.text)

    def test_info_tells_what_is_in_it(self):
        done = self.lineprof("info", "run.lineprof")
        text = done.stdout.decode()
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(len(re.findall(r"^Process: \d+, Python 3\.", text, re.MULTILINE)), 2)
        for line in ("Host: " + os.uname().nodename, "End: status 0", "Period: 0.001s"):
            self.assertIn(line + "\n", text)

    def test_what_is_no_recording_is_one_line_and_status_1(self):
        with open(self.path("run.lineprof"), "rb") as file:
            kept = file.read()
        middle = len(kept) // 2
        damaged = bytearray(kept)
        damaged[middle] ^= 4
        bad = {
            "empty.lineprof": b"",
            "foreign.lineprof": b"Command line: x\n" * 100,
            "newer.lineprof": kept[:8] + b"\2" + kept[9:],
            "short.lineprof": kept[:middle],
            "damaged.lineprof": bytes(damaged),
            "longer.lineprof": kept + b"x",
        }
        for name, contents in bad.items():
            with open(self.path(name), "wb") as file:
                file.write(contents)
        # Larger than memory, and without contents.
        with open(self.path("huge.lineprof"), "wb") as file:
            file.truncate(1 << 36)
        os.mkdir(self.path("folder.lineprof"))
        os.mkfifo(self.path("pipe.lineprof"))
        before = sorted(os.listdir(self.directory))
        for name in [*bad, "huge.lineprof", "missing.lineprof", "folder.lineprof", "pipe.lineprof", "/dev/zero"]:
            for command in (
                ["report", name],
                ["report", name, "-o", "new.txt"],
                ["info", name],
                ["merge", "run.lineprof", name, "-o", "new.lineprof"],
                ["diff", "run.lineprof", name],
            ):
                with self.subTest(command=command):
                    self.refuse(1, name, *command)
        self.assertEqual(sorted(os.listdir(self.directory)), before)

    def test_wall_time_that_was_not_recorded_is_refused(self):
        self.sample("-q", "--clock", "cpu", "-o", "cpu.lineprof", "-c", "pass")
        self.refuse(2, "--clock wall", "report", "cpu.lineprof", "--clock", "wall")
        self.assertEqual(self.report("cpu.lineprof").headers["Clock"], "cpu")

    def test_killed_programs_are_kept_too(self):
        code = "import os, time\nfor i in range(9**6): pass\nos.kill(os.getpid(), 9)"
        done = self.sample("-q", "-o", "killed.lineprof", "-c", code)
        self.assertEqual(done.returncode, -9)
        text = self.lineprof("info", "killed.lineprof").stdout.decode()
        self.assertIn("End: signal 9\n", text)
        self.assertGreater(self.report("killed.lineprof").header_number("Samples"), 0)

    def test_numbers_keep_old_reports(self):
        for _ in range(2):
            done = self.sample("-q", "-o", "n%n.txt", "-o", "n%n.lineprof", "-c", "pass")
            self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("n1.txt", "n2.txt", "n1.lineprof", "n2.lineprof"):
            self.assertTrue(os.path.exists(self.path(name)), name)

    def test_a_command_is_only_the_first_word(self):
        self.write("info", "print('ran')\n")
        for arguments in (["./info"], ["info"]):
            done = self.sample("-q", "-o", "out.txt", *arguments)
            self.assertEqual(done.stdout, b"ran\n", done.stderr)


if __name__ == "__main__":
    unittest.main()
