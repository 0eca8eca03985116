"""Comparisons of recordings of real programs: what got slower is found, and nothing else."""

import itertools
import json
import re
import unittest

import support

PERIOD = "0.0002"
LEAST_RUNS = 3  # of each program, in turn
MOST_RUNS = 8
EQUAL_RUNS = 5  # of which each two are compared
SLOWER = "20"
STATUS_SLOWER = 3


class Regression(support.TestCase):
    """A program with a line that is 20 % slower, beside itself without."""

    def keep(self, name, percent):
        program = support.program("regression.py")
        done = self.lineprof(
            *["-s", PERIOD, "-q", "--python", support.PYTHON, "-o", name, program, percent]
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return name

    def test_a_slow_line_is_found_and_equal_runs_are_silent(self):
        equal, slow = [], []
        done = None
        # In turn, so that what the machine does meanwhile is done to both; the busier it is, the more
        # runs it takes.
        while done is None or (done.returncode == 0 and len(slow) < MOST_RUNS):
            equal.append(self.keep("equal%d.lineprof" % len(equal), "0"))
            slow.append(self.keep("slow%d.lineprof" % len(slow), SLOWER))
            if len(slow) < LEAST_RUNS:
                continue
            self.lineprof("merge", *equal, "-o", "before.lineprof")
            self.lineprof("merge", *slow, "-o", "after.lineprof")
            done = self.lineprof("diff", "before.lineprof", "after.lineprof", "--fail-above", "10")
        text = done.stdout.decode()
        self.assertEqual(done.returncode, STATUS_SLOWER, text)
        rows = [line for line in text.splitlines() if re.match(r"[* ]\|", line)]
        self.assertTrue(rows[1].endswith("# slow"), text)
        self.assertEqual([row[0] for row in rows[1:3]], ["*", " "], text)

        done = self.lineprof("diff", "before.lineprof", "after.lineprof", "-o", "diff.json")
        self.assertEqual(done.returncode, 0, done.stderr)
        diff = json.loads(self.read("diff.json"))
        marked = [line["text"] for line in diff["lines"] if line["marked"]]
        self.assertEqual(marked, ["return sum(range(self.slow_size))  # slow"])
        percent = diff["lines"][0]["percent"]
        self.assertTrue(10 < percent < 32, percent)
        functions = [each["function"] for each in diff["functions"] if each["marked"]]
        self.assertEqual([name.rsplit(".")[-1] for name in functions], ["slow"])

        while len(equal) < EQUAL_RUNS:
            equal.append(self.keep("equal%d.lineprof" % len(equal), "0"))
        for before, after in itertools.combinations(equal[:EQUAL_RUNS], 2):
            done = self.lineprof("diff", before, after, "--fail-above", "0")
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
        text = self.lineprof("diff", "before.lineprof", "after.lineprof").stdout.decode()
        self.assertIn("a.py:7 f (was line 4): i * i  # hot\n", text)


if __name__ == "__main__":
    unittest.main()
