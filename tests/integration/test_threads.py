"""Threads: named as Python names them, with their times; reports for each; thousands stay bounded."""

import json
import os
import re
import unittest

import interpreters
import support

# Thread: 1s CPU, 2s waiting, 0.5s for the GIL, 3s alive, process 7: name
THREAD = re.compile(
    r"^Thread: (?P<cpu>\S+)s CPU, (?P<wait>\S+)s waiting, (?P<gil>\S+)s for the GIL, "
    r"(?P<alive>\S+)s alive, process (?P<pid>\d+): (?P<name>.*)$",
    re.MULTILINE,
)
REST = re.compile(r"^Threads not listed: (\d+), ", re.MULTILINE)


def threads(report):
    """The header's lines of threads, as dictionaries by name."""
    return {match["name"]: match.groupdict() for match in THREAD.finditer(report.text)}


def split(text):
    """The reports of a file that holds several."""
    parts = re.split(r"^(?=Command line: )", text, flags=re.MULTILINE)
    return [support.Report(part) for part in parts if part]


class Names(support.TestCase):
    def check_times(self, printed, found):
        for name, cpu in printed.items():
            if name == "nameless":
                continue
            self.assertIn(name, found)
            self.assertAlmostEqual(float(found[name]["cpu"]), cpu, delta=0.02 + 0.1 * cpu)

    def test_threads_have_pythons_names_and_their_times(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                printed, report = self.profiled(python, "named_threads.py")
                found = threads(report)
                self.assertEqual(len(found), 5, report.text[:2000])
                self.check_times(printed, found)
                # The four want the GIL of which there is one.
                gil = sum(float(thread["gil"]) for thread in found.values())
                self.assertGreater(gil, 0.2)
                self.assertAlmostEqual(gil, report.header_number("GIL waiting time"), delta=0.001)

    def test_counted_threads_have_names_too(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                script = support.program("named_threads.py")
                done = self.lineprof("-qo", "out.txt", "--python", python.path, script)
                self.assertEqual(done.returncode, 0, done.stderr)
                found = threads(support.Report(self.read("out.txt")))
                # No watcher looks at them: the names are those of their start.
                self.assertLessEqual({"MainThread", "before", "derived"}, set(found))
                printed = json.loads(done.stdout)
                del printed["sélf-named"]
                self.check_times(printed, found)

    def test_json_has_threads_always(self):
        done = self.sample("-qo", "out.json", support.program("named_threads.py"))
        self.assertEqual(done.returncode, 0, done.stderr)
        profile = json.loads(self.read("out.json"))
        names = {thread["name"] for thread in profile["threads"]}
        self.assertLess({"MainThread", "before", "derived", "sélf-named"}, names)
        self.assertEqual(profile["run"]["merged_threads"]["count"], 0)


class Subinterpreters(support.TestCase):
    def test_lines_of_subinterpreters_are_right(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                seconds, report = self.profiled(python, "subinterpreter.py", options=["--clock", "cpu"])
                for file, mark in (("subinterpreter_worker.py", "inner"), ("subinterpreter.py", "work")):
                    time = report.marked(file, mark).time
                    self.assertAlmostEqual(time, seconds, delta=0.02 + 0.1 * seconds)


class GilTurns(support.TestCase):
    def test_threads_that_take_turns_lose_no_ticks(self):
        # The clock tells how busily the watcher looks at threads that wait.
        for python in support.spread():
            for timer in support.TIMERS:
                for clock in ("cpu", "wall"):
                    with self.subTest(python=python.name, timer=timer, clock=clock):
                        self.need_timer(timer)
                        options = ["--timer", timer, "--clock", clock]
                        printed, report = self.profiled(python, "named_threads.py", options=options)
                        asked = sum(printed.values()) / 0.001
                        # It was half. On a busy machine ticks come late, and some of two are one.
                        self.assertGreater(report.header_number("Samples on CPU"), 0.7 * asked)


class PerThread(support.TestCase):
    def test_each_thread_has_a_report_of_its_own_work(self):
        for python in support.spread():
            for timer in support.TIMERS:
                with self.subTest(python=python.name, timer=timer):
                    self.need_timer(timer)
                    options = ["--per-thread", "--timer", timer, "--clock", "cpu"]
                    printed, _ = self.profiled(python, "named_threads.py", options=options)
                    reports = {}
                    for report in split(self.read("out.txt")):
                        ((name, thread),) = threads(report).items()
                        reports[name] = report
                        self.assertEqual(report.headers["Threads"], "1")
                        self.assertAlmostEqual(
                            report.header_number("Total duration"), float(thread["alive"]), delta=0.001
                        )
                    for name in ("before", "sélf-named", "derived"):
                        used = printed[name]
                        self.assertAlmostEqual(reports[name].seconds(), used, delta=0.02 + 0.1 * used)
                        self.assertGreater(reports[name].marked("named_threads.py", "work").hits, 0)
                    self.assertEqual(list(reports)[0], "derived")

    def test_parts_add_up_to_the_whole_and_to_reports_from_a_recording(self):
        script = support.program("named_threads.py")
        done = self.sample("-q", "--per-thread", "-o", "a.txt", "-o", "run.lineprof", script)
        self.assertEqual(done.returncode, 0, done.stderr)
        again = self.lineprof("report", "run.lineprof", "--per-thread")
        self.assertEqual(again.stdout.decode(), self.read("a.txt"))
        whole = support.Report(self.lineprof("report", "run.lineprof").stdout.decode())
        parts = split(self.read("a.txt"))
        samples = sum(int(part.headers["Samples"]) for part in parts)
        self.assertEqual(samples, int(whole.headers["Samples"]))
        self.assertAlmostEqual(sum(part.seconds() for part in parts), whole.seconds(), delta=0.01)

    def test_what_cannot_be_split_is_refused(self):
        self.write("a.py", "pass")
        self.assertEqual(self.sample("-q", "-o", "run.lineprof", "a.py").returncode, 0)
        for named, arguments in (
            ("recorded without", ["report", "run.lineprof", "--per-thread"]),
            ("needs -s", ["--per-thread", "a.py"]),
            ("callgrind", ["-s", "0.001", "--per-thread", "-f", "callgrind", "a.py"]),
        ):
            with self.subTest(named=named):
                done = self.lineprof(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertIn(named, done.stderr.decode())
                self.assertEqual(done.stderr.count(b"\n"), 1)


class Many(support.TestCase):
    def count(self, report):
        listed = len(THREAD.findall(report.text))
        rest = REST.search(report.text)
        return listed + (int(rest[1]) if rest else 0)

    def test_ten_thousand_short_threads_stay_bounded(self):
        for options in ((), ("--per-thread",)):
            with self.subTest(options=options):
                script = support.program("many_threads.py")
                outputs = ["-o", "out.json", "-o", "run.lineprof"] if not options else ["-o", "run.lineprof"]
                done = self.sample("-q", *options, *outputs, script, "10000", "20")
                self.assertEqual(done.returncode, 0, done.stderr)
                report = support.Report(self.lineprof("report", "run.lineprof").stdout.decode())
                self.assertEqual(report.headers["Threads"], "10002")
                self.assertEqual(self.count(report), 10002)
                self.assertIn("busy", threads(report))
                # Told apart, a thousand of them have stacks of their own; all would be ten times that.
                most = 1_000_000 if options else 400_000
                self.assertLess(os.path.getsize(self.path("run.lineprof")), most)

    def test_five_hundred_at_once(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                done, report = self.profile(python, "standing_threads.py", 500)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(self.count(report), 501)
                self.assertTrue(any(name.startswith("stand-") for name in threads(report)))


if __name__ == "__main__":
    unittest.main()
