"""lineprof --async: the asyncio task that runs is the outermost frame of its samples."""

import json
import unittest

import interpreters
import support

TASKS = ("small", "large", "größe €", "own", "in thread")


def inclusive(report, task):
    """Seconds below the task's frame, by the calls that it makes."""
    rows = [row for row in report.files.get("<task: %s>" % task, []) if row.callee]
    return sum(row.time for row in rows)


class Tasks(support.TestCase):
    def run_tasks(self, python, *options):
        return self.profiled(python, "async_tasks.py", options=["-q", "--clock", "cpu", *options])

    def test_each_task_has_its_work_on_every_interpreter(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                spent, report = self.run_tasks(python, "--async")
                self.assertEqual(report.notes(), [])
                (unnamed,) = [name for name in spent if name.startswith("Task-")]
                for name in (*TASKS, unnamed):
                    expected = spent[name]
                    self.assertAlmostEqual(
                        inclusive(report, name), expected, delta=0.02 + 0.15 * expected, msg=name
                    )
                for name in ("callback", "no loop"):
                    self.assertEqual(inclusive(report, name), 0)
                hot = report.marked("async_tasks.py", "work").time
                self.assertAlmostEqual(hot, sum(spent.values()), delta=0.05 + 0.1 * sum(spent.values()))

    def test_both_timers(self):
        for timer in support.TIMERS:
            with self.subTest(timer=timer):
                self.need_timer(timer)
                spent, report = self.run_tasks(interpreters.probe(support.PYTHON), "--async", "--timer", timer)
                self.assertAlmostEqual(inclusive(report, "large"), spent["large"], delta=0.08)

    def test_without_it_there_are_no_tasks(self):
        _, report = self.run_tasks(interpreters.probe(support.PYTHON))
        self.assertEqual([name for name in report.files if "task:" in name], [])

    def test_stacks_begin_with_the_task(self):
        python = interpreters.probe(support.PYTHON)
        done = self.lineprof(
            *["-s", "0.001", "-q", "--async", "-o", "out.collapsed", "--python", python.path],
            support.program("async_tasks.py"),
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = self.read("out.collapsed").splitlines()
        of_large = [line for line in lines if "task: large" in line]
        self.assertTrue(of_large)
        for line in of_large:
            self.assertIn("task: large", line.split(";")[0])
            self.assertEqual(line.count("task: "), line.split(";")[0].count("task: "))

    def test_the_script_stays_the_main_one(self):
        _, report = self.run_tasks(interpreters.probe(support.PYTHON), "--async", "--exclude-syspath")
        self.assertGreater(report.marked("async_tasks.py", "work").time, 0.5)

    def test_many_names_are_bounded(self):
        code = (
            "import asyncio, time\n"
            "async def one():\n"
            "    end = time.thread_time() + 0.001\n"  # a period
            "    while time.thread_time() < end: pass\n"
            "async def main():\n"
            "    for _ in range(2500): await asyncio.create_task(one())\n"
            "asyncio.run(main())\n"
        )
        done = self.sample("-qo", "out.json", "--async", self.write("many.py", code))
        self.assertEqual(done.returncode, 0, done.stderr)
        names = {each["name"] for each in json.loads(self.read("out.json"))["files"]}
        tasks = [name for name in names if name.startswith("<task: ")]
        self.assertGreater(len(tasks), 900)
        self.assertLessEqual(len(tasks), 1001)
        self.assertIn("<task: (others)>", tasks)

    def test_it_is_for_samples_of_a_program(self):
        for words in (["--async", "x.py"], ["-s", "0.001", "--async", "-p", "1"]):
            done = self.lineprof(*words)
            self.assertEqual(done.returncode, 2)
            self.assertIn(b"--async", done.stderr)
            self.assertEqual(done.stderr.count(b"\n"), 1)


if __name__ == "__main__":
    unittest.main()
