"""The line-table decoder against every interpreter: all code of its whole standard library.

    LINEPROF_BUILD=build/dev python3 tests/integration/test_line_tables.py

LINEPROF_BUILD is a CMake build folder with the target lineprof_line_table_check, which is found
there as tests/lineprof_line_table_check.
"""

import concurrent.futures
import os
import re
import subprocess
import sys
import unittest

import interpreters

HERE = os.path.dirname(os.path.abspath(__file__))
DUMP = os.path.join(HERE, "dump_line_tables.py")
COUNTS = re.compile(
    r"^files (\d+) uncompilable (\d+) codes (\d+) units (\d+) mismatches (\d+)$", re.MULTILINE
)
# The smallest standard library seen (Debian's, without its tests) has 20,000 code objects; fewer
# than this would mean that the comparison has not seen the library at all.
FEWEST_CODES = 10000
# A slow machine needs a minute for one interpreter.
TIMEOUT_SECONDS = 600


class Outcome:
    """What one interpreter's dump and the check of it came to."""

    def __init__(self, dump_status, dump_errors, check_status, check_output):
        self.dump_status = dump_status
        self.dump_errors = dump_errors
        self.check_status = check_status
        self.check_output = check_output
        found = COUNTS.search(check_output)
        self.counts = [int(count) for count in found.groups()] if found else None


def compare(interpreter, check):
    dump = subprocess.Popen(
        [interpreter.path, "-B", DUMP], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    # The dump says at most a traceback on its standard error, which fits into the pipe.
    try:
        checked = subprocess.run(
            [check],
            stdin=dump.stdout,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_SECONDS,
        )
        dump.stdout.close()
        errors = dump.stderr.read().decode("utf-8", "replace")
        status = dump.wait(TIMEOUT_SECONDS)
    finally:
        dump.kill()
        dump.stdout.close()
        dump.stderr.close()
        dump.wait()
    return Outcome(status, errors, checked.returncode, checked.stdout.decode("utf-8", "replace"))


def print_table(outcomes):
    row = "%-8s %7s %12s %8s %10s %10s  %s"
    print(row % ("version", "files", "uncompilable", "codes", "units", "mismatches", "path"))
    for interpreter, outcome in outcomes:
        counts = outcome.counts or ["-"] * 5
        version = ".".join(str(part) for part in interpreter.version[:3])
        print(row % tuple([version] + counts + [interpreter.path]))
    for name in interpreters.missing():
        print("not found, not tested: %s" % (name,))
    sys.stdout.flush()


class LineTables(unittest.TestCase):
    def test_decoder_agrees_with_every_interpreter_for_every_instruction(self):
        build = os.environ.get("LINEPROF_BUILD")
        self.assertTrue(build, "LINEPROF_BUILD names no build folder")
        check = os.path.join(build, "tests", "lineprof_line_table_check")
        found = interpreters.found()
        self.assertTrue(found, "no interpreter found")
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            outcomes = list(zip(found, pool.map(lambda one: compare(one, check), found)))
        print_table(outcomes)
        for interpreter, outcome in outcomes:
            with self.subTest(interpreter=interpreter.path):
                self.assertEqual(outcome.check_status, 0, outcome.check_output)
                self.assertEqual(outcome.dump_status, 0, outcome.dump_errors)
                self.assertIsNotNone(outcome.counts, outcome.check_output)
                self.assertGreater(outcome.counts[2], FEWEST_CODES)


if __name__ == "__main__":
    unittest.main()
