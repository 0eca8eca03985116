"""lineprof dump: the stacks of a running program, with variables, on every interpreter."""

import json
import os
import signal
import subprocess
import sys
import time
import unittest

import interpreters
import support

# What repr() says of the variables in programs/dumped.py.
LOCALS = {
    "number": "-7",
    "real": "2.0",
    "nothing": "None",
    "yes": "True",
    "text": '"it\'s\\n\u00f6"',
    "data": "b'\\x00a'",
    "some": "[1, [2, [...]]]",
    "pair": "(5, 'x')",
    "table": "{'k': [1.5], 2: None}",
    "big": "-1000000000000000",
    "long_list": "[0, 1, 2, 3, 4, 5, ... 94 more]",
    "captured": "'arg!'",
}


class Dump(support.TestCase):
    def start(self, python):
        process = subprocess.Popen(
            [python, support.program("dumped.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        self.assertEqual(process.stdout.readline(), b"ready arg!\n")
        time.sleep(0.1)  # until it waits
        return process

    def dump(self, process, *options):
        done = self.lineprof("dump", str(process.pid), *options)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def assert_goes_on(self, process):
        process.stdin.write(b"\n")
        process.stdin.flush()
        self.assertEqual(process.wait(support.TIMEOUT_SECONDS), 0)

    def test_json_with_locals_on_each_interpreter(self):
        for python in interpreters.found():
            with self.subTest(python=python.name):
                process = self.start(python.path)
                dump = json.loads(self.dump(process, "--json", "--locals"))
                self.assertEqual(dump["pid"], process.pid)
                self.assertEqual(dump["python"], "%d.%d.%d" % python.version)
                main, other = dump["threads"]
                self.assertEqual(main["tid"], process.pid)
                self.assertFalse(main["running"])
                self.assertTrue(main["readable"] and other["readable"])
                functions = [frame["function"].split(".")[-1] for frame in main["frames"]]
                self.assertEqual(functions, ["<module>", "outer", "inner"])
                innermost = main["frames"][-1]
                self.assertTrue(innermost["file"].endswith("programs/dumped.py"))
                self.assertEqual(innermost["source"], "sys.stdin.readline()  # waits")
                found = innermost["locals"]
                self.assertEqual({name: found.get(name) for name in LOCALS}, LOCALS)
                self.assertRegex(found["thing"], r"^<Thing object at 0x[0-9a-f]+>$")
                self.assertIn("park", [frame["function"] for frame in other["frames"]])
                self.assert_goes_on(process)

    def test_text_is_innermost_last_with_source_lines(self):
        process = self.start(support.PYTHON)
        text = self.dump(process)
        path = support.program("dumped.py")
        with open(path, encoding="utf-8") as file:
            line = [n for n, each in enumerate(file, 1) if "# waits" in each][0]
        self.assertRegex(text, r"(?m)^Process %d: Python 3" % process.pid)
        self.assertRegex(text, r"(?m)^Thread %d \(.*\): waiting$" % process.pid)
        self.assertRegex(
            text, r"(?m)^  %s:%d .*inner\n    sys.stdin.readline\(\)  # waits$" % (path, line)
        )
        self.assertLess(text.index(" <module>\n"), text.index("inner\n"))
        self.assertNotIn("captured =", text)
        self.assertIn("      captured = 'arg!'\n", self.dump(process, "--locals"))
        self.assert_goes_on(process)

    def test_a_running_thread_has_the_gil(self):
        for python in support.spread():
            with self.subTest(python=python.name):
                process = subprocess.Popen(
                    [python.path, "-c", "print(flush=True)\nwhile True: pass"],
                    stdout=subprocess.PIPE,
                )
                self.addCleanup(process.stdout.close)
                self.addCleanup(process.wait)
                self.addCleanup(process.kill)
                process.stdout.readline()
                for _ in range(50):
                    (thread,) = json.loads(self.dump(process, "--json"))["threads"]
                    # On its first line it waits for the GIL after writing.
                    if thread["frames"][0]["line"] == 2:
                        break
                self.assertEqual(thread["frames"][0]["line"], 2)
                self.assertTrue(thread["running"])
                self.assertTrue(thread["gil"])

    def test_watch_ends_with_the_process(self):
        process = self.start(support.PYTHON)
        watch = subprocess.Popen(
            [support.LINEPROF, "dump", str(process.pid), "--json", "--watch", "0.1"],
            stdout=subprocess.PIPE,
        )
        self.addCleanup(watch.stdout.close)
        for _ in range(3):
            self.assertEqual(json.loads(watch.stdout.readline().decode())["pid"], process.pid)
        self.assert_goes_on(process)
        watch.stdout.read()
        self.assertEqual(watch.wait(support.TIMEOUT_SECONDS), 0)

    def test_watch_ends_with_its_reader(self):
        process = self.start(support.PYTHON)
        watch = subprocess.Popen(
            [support.LINEPROF, "dump", str(process.pid), "--watch", "0.05"], stdout=subprocess.PIPE
        )
        watch.stdout.readline()
        watch.stdout.close()
        self.assertIn(watch.wait(support.TIMEOUT_SECONDS), (0, -signal.SIGPIPE))
        self.assert_goes_on(process)

    def test_bad_input_is_one_line_and_status_2(self):
        for words in ([], ["x"], ["0"], ["-1"], ["1", "2"], [str(os.getpid()), "--watch", "0"]):
            with self.subTest(words=words):
                done = self.lineprof("dump", *words)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)
                self.assertEqual(done.stdout, b"")
        sleeper = subprocess.Popen(["sleep", "60"])
        self.addCleanup(sleeper.wait)
        self.addCleanup(sleeper.kill)
        done = self.lineprof("dump", str(sleeper.pid))
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"no CPython", done.stderr)


if __name__ == "__main__":
    sys.exit(unittest.main())
