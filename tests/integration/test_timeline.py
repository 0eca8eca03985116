"""The timeline of samples: Chrome's and Firefox's formats through their readers, its bound, its survival."""

import collections
import glob
import json
import os
import re
import shutil
import signal
import unittest

import readers
import support

FILES = ("main.py", "größen.py")
TOLERANCE = 1e-5

KILLED = """
import os, signal, time

def burn():
    end = time.perf_counter() + 0.3
    while time.perf_counter() < end:
        pass

burn()
os.kill(os.getpid(), signal.SIGKILL)
"""


def line_seconds(report):
    """What the text report says: seconds by (file, line), of the program's own files."""
    return {
        (name, row.line): row.time
        for name in FILES
        for row in report.rows(name)
        if row.line is not None and row.time > 0
    }


class Spans:
    """Chrome's events: seconds of the slices of lines, by (file, line); the events must be sound."""

    def __init__(self, text):
        self.lines = collections.Counter()
        self.waits = collections.Counter()
        self.names = {}
        self.threads = set()
        open_slices = collections.defaultdict(list)
        last = collections.defaultdict(float)
        for event in json.loads(text)["traceEvents"]:
            track = event["pid"], event["tid"]
            if event["ph"] == "M":
                self.names[event["name"], track] = event["args"]["name"]
                continue
            assert event["ts"] >= last[track], event
            last[track] = event["ts"]
            self.threads.add(track)
            if event["ph"] == "B":
                open_slices[track].append(event)
                continue
            assert event["ph"] == "E", event
            begin = open_slices[track].pop()
            assert begin["name"] == event["name"], (begin, event)
            self._add(begin, (event["ts"] - begin["ts"]) / 1e6)
        assert not any(open_slices.values())

    def _add(self, begin, seconds):
        if begin["cat"] == "function":
            return
        name, _, line = begin["name"].rpartition(":")
        if name in FILES:
            self.lines[name, int(line)] += seconds
            if begin["cat"] == "wait":
                self.waits[name, int(line)] += seconds


class Timeline(support.TestCase):
    def setUp(self):
        super().setUp()
        for path in glob.glob(support.program("readers/*.py")):
            shutil.copy(path, self.directory)

    def record(self, *options):
        done = self.sample("-q", "--exclude-syspath", *options, "main.py")
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def expect(self, expected, found):
        self.assertGreater(len(expected), 5)
        self.assertEqual(sorted(expected), sorted(found))
        for key, value in expected.items():
            self.assertAlmostEqual(found[key], value, delta=TOLERANCE * max(value, 1e-3), msg=key)

    def test_chrome_slices_add_up_to_the_text_report(self):
        self.record("-o", "out.txt", "-o", "out.trace.json")
        spans = Spans(self.read("out.trace.json"))
        report = support.Report(self.read("out.txt"))
        self.expect(line_seconds(report), spans.lines)
        self.assertEqual(len(spans.threads), 3)
        self.assertGreater(spans.waits["main.py", 26], 0.3)
        threads = [name for (what, _), name in spans.names.items() if what == "thread_name"]
        self.assertEqual(threads.count("main thread"), 1)
        self.assertEqual(len(threads), 3)

    def test_chrome_through_speedscope(self):
        readers.need_fetched("speedscope")
        self.record("-o", "out.txt", "-o", "out.trace.json")
        script = os.path.join(support.ROOT, "tests", "integration", "speedscope_import.js")
        path = self.path("out.trace.json")
        output = readers.output(readers.need("node"), script, readers.SPEEDSCOPE, path)
        found = collections.Counter()
        for profile in json.loads(output):
            for frame in profile["frames"]:
                match = re.match(r"(main\.py|größen\.py):(\d+)( |$)", frame["name"])
                if match:
                    found[match[1], int(match[2])] += frame["self"] / 1e6
        self.expect(line_seconds(support.Report(self.read("out.txt"))), found)

    def test_chrome_through_its_trace_viewer(self):
        readers.need_fetched("traceviewer")
        self.record("-o", "out.txt", "-o", "out.trace.json")
        script = os.path.join(support.ROOT, "tests", "integration", "trace_viewer_import.js")
        path = self.path("out.trace.json")
        read = json.loads(readers.output(readers.need("node"), script, readers.TRACE_VIEWER, path))
        self.assertEqual(read["warnings"], [])
        self.assertEqual(len(read["threads"]), 3)
        found = {}
        for title, milliseconds in read["self"].items():
            match = re.match(r"(main\.py|größen\.py):(\d+)$", title)
            if match:
                found[match[1], int(match[2])] = milliseconds / 1e3
        self.expect(line_seconds(support.Report(self.read("out.txt"))), found)

    def firefox(self, *arguments):
        readers.need_fetched("firefox")
        node = os.path.join(readers.FIREFOX, "node", "bin", "node")
        script = os.path.join(
            readers.FIREFOX, "@firefox-devtools", "profiler-cli", "dist", "profiler-cli.js"
        )
        environment = {**os.environ, "PROFILER_CLI_SESSION_DIR": self.path("sessions")}
        return readers.output(node, script, *arguments, env=environment)

    def test_firefox_profiler_finds_the_text_reports_figures(self):
        self.record("-o", "out.txt", "-o", "out.gecko.json", "-o", "same.profile.json")
        self.assertEqual(self.read("out.gecko.json"), self.read("same.profile.json"))
        self.firefox("load", self.path("out.gecko.json"))
        self.addCleanup(self.firefox, "stop", "--all")
        lines = {}
        threads = json.loads(self.firefox("thread", "list", "--json"))["threads"]
        self.assertEqual(len(threads), 3)
        for thread in threads:
            handle = thread["threadHandle"]
            self.firefox("thread", "select", handle)
            shown = self.firefox("thread", "functions", "--limit=0", "--include-idle", "--json")
            for function in json.loads(shown)["functions"]:
                if function["name"] in ("fib", "work", "wait", "even", "odd", "fläche"):
                    for place, seconds in self.annotated(function["functionHandle"]).items():
                        lines[handle, place] = seconds
        found = collections.Counter()
        for (_, place), seconds in lines.items():
            found[place] += seconds
        expected = line_seconds(support.Report(self.read("out.txt")))
        self.assertGreater(len(found), len(expected) / 2)  # <module>'s were not asked for
        self.expect({key: expected[key] for key in found}, found)

    def annotated(self, function):
        """The seconds that the selected thread spent on each line of a function's file."""
        text = self.firefox("function", "annotate", function, "--context=file", "--json")
        annotation = json.loads(text)["srcAnnotation"]
        return {
            (annotation["filename"], line["lineNumber"]): line["selfSamples"] / 1e3
            for line in annotation["lines"]
            if line["selfSamples"] > 0
        }

    def test_is_kept_only_when_asked_for(self):
        self.record("-o", "plain.lineprof")
        done = self.lineprof("report", "plain.lineprof", "-o", "out.trace.json")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(
            done.stderr,
            b"lineprof: out.trace.json: plain.lineprof has no timeline: it is kept with "
            b"--timeline-limit\n",
        )
        self.record("--timeline-limit", "100000", "-o", "kept.lineprof", "-o", "first.trace.json")
        done = self.lineprof("report", "kept.lineprof", "-o", "again.trace.json")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        info = self.lineprof("info", "kept.lineprof").stdout.decode()
        self.assertRegex(info, r" lost, a timeline of [1-9]\d+, ")
        kept = Spans(self.read("again.trace.json"))
        self.assertEqual(kept.lines, Spans(self.read("first.trace.json")).lines)

    def test_names_what_is_beyond_its_limit(self):
        done = self.sample("--timeline-limit", "50", "-o", "a.trace.json", "-o", "a.txt", "main.py")
        self.assertEqual(done.returncode, 0)
        told = re.search(
            rb"the timeline is full: (\d+) samples are missing there \(--timeline-limit\)",
            done.stderr,
        )
        self.assertGreater(int(told[1]), 100)
        (note,) = [
            note for note in support.Report(self.read("a.txt")).notes() if "timeline" in note
        ]
        self.assertIn(told[1].decode() + " samples", note)
        self.assertLess(len(json.loads(self.read("a.trace.json"))["traceEvents"]), 3000)

    def test_survives_sigkill(self):
        self.write("killed.py", KILLED)
        done = self.sample("-q", "-o", "a.txt", "-o", "a.trace.json", "killed.py")
        self.assertEqual(done.returncode, -signal.SIGKILL)
        events = json.loads(self.read("a.trace.json"))["traceEvents"]
        begun = [event["ts"] for event in events if event.get("name") == "burn"]
        self.assertGreater(max(begun) - min(begun), 0.2e6)

    def test_is_refused_for_counts(self):
        done = self.lineprof("-o", "a.gecko.json", "main.py")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"a.gecko.json: firefox needs the times of samples", done.stderr)

    def test_has_each_process(self):
        self.write(
            "family.py",
            "import os, time\n"
            "def burn():\n"
            "    end = time.perf_counter() + 0.2\n"
            "    while time.perf_counter() < end: pass\n"
            "pid = os.fork()\n"
            "burn()\n"
            "if pid: os.waitpid(pid, 0)\n",
        )
        done = self.sample("-q", "-o", "a.trace.json", "family.py")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(Spans(self.read("a.trace.json")).threads), 2)


if __name__ == "__main__":
    unittest.main()
