"""Comparisons of recordings of real programs: what got slower is found, and nothing else."""

import json
import re
import unittest

import support

RUNS = 3  # of each program, in turn
SLOWER = "100"
STATUS_SLOWER = 3


class Regression(support.TestCase):
    """A program with a line that takes twice the time, beside itself without. What a smaller difference
    takes depends on how quiet the machine is: tests/bench/diff_trial.py."""

    def keep(self, name, percent):
        program = support.program("regression.py")
        done = self.lineprof(
            *["-s", "0.0005", "-q", "--python", support.PYTHON, "-o", name, program, percent]
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return name

    def test_a_slow_line_is_found_and_equal_runs_are_silent(self):
        equal = [self.keep("equal%d.lineprof" % i, "0") for i in range(RUNS)]
        slow = [self.keep("slow%d.lineprof" % i, SLOWER) for i in range(RUNS)]
        self.lineprof("merge", *equal, "-o", "before.lineprof")
        self.lineprof("merge", *slow, "-o", "after.lineprof")
        done = self.lineprof("diff", "before.lineprof", "after.lineprof", "--fail-above", "10")
        text = done.stdout.decode()
        self.assertEqual(done.returncode, STATUS_SLOWER, text)
        rows = [line for line in text.splitlines() if re.match(r"[* ]\|", line)]
        self.assertTrue(rows[1].startswith("*") and rows[1].endswith("# slow"), text)

        done = self.lineprof("diff", "before.lineprof", "after.lineprof", "-o", "diff.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        diff = json.loads(self.read("diff.json"))
        self.assertEqual(diff["lines"][0]["text"], "return sum(range(self.slow_size))  # slow")
        self.assertEqual(diff["functions"][0]["function"].rsplit(".")[-1], "slow")

        done = self.lineprof("diff", "before.lineprof", "before.lineprof", "--fail-above", "0")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"nothing differs beyond chance", done.stdout, done.stdout.decode())


class Matching(support.TestCase):
    BEFORE = "import time\ndef f(n):\n    for i in range(n):\n        i * i  # hot\nf(3000000)\n"

    def test_moved_lines_are_found_again(self):
        self.write("a.py", self.BEFORE)
        self.sample("-q", "-o", "before.lineprof", "a.py")
        self.write("a.py", "# new\n\n" + self.BEFORE.replace("import time", "import time\n"))
        self.sample("-q", "-o", "after.lineprof", "a.py")
        done = self.lineprof("diff", "before.lineprof", "after.lineprof", "--include", "a.py", "-fjson")
        self.assertEqual(done.returncode, 0, done.stderr)
        diff = json.loads(done.stdout)
        hot = [line for line in diff["lines"] if line.get("text", "").endswith("# hot")]
        self.assertEqual(len(hot), 1, diff)
        self.assertEqual((hot[0]["before"]["line"], hot[0]["after"]["line"]), (4, 7))
        done = self.lineprof("diff", "before.lineprof", "after.lineprof", "--include", "a.py")
        text = done.stdout.decode()
        self.assertIn("a.py:7 f (was line 4): i * i  # hot\n", text)


if __name__ == "__main__":
    unittest.main()
