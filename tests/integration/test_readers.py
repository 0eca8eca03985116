"""Every format through the programs that its users read it with: all find the text report's figures.

One run of a program with threads, recursion, two files, a name beyond ASCII, module code and waiting is
recorded and rendered in every format: two runs are never alike.
"""

import ast
import collections
import csv
import glob
import io
import json
import os
import pstats
import re
import shutil
import tempfile
import unittest
import xml.dom.minidom

import readers
import support

FILES = ("main.py", "größen.py")
NS = 1e9
# The text report has six digits.
TOLERANCE = 1e-5


class Figures:
    """What a profile says, by the text report: seconds and hits of lines, seconds of functions."""

    def __init__(self, directory, report):
        self.lines = {}
        self.hits = {}
        self.functions = collections.Counter()
        for name in FILES:
            owners = self.owners(os.path.join(directory, name))
            for row in report.rows(name):
                if row.line is None or row.hits == 0:
                    continue
                self.lines[name, row.line] = row.time
                self.hits[name, row.line] = row.hits
                # Lines that two functions share cannot be told apart in the text report.
                self.functions[name, owners.get(row.line, "<module>")] += row.time
        self.total = report.seconds()

    @staticmethod
    def owners(path):
        """The innermost def of each line; lines with a lambda or generator have no owner's name."""
        with open(path, encoding="utf-8") as file:
            tree = ast.parse(file.read())
        owners = {}
        for node in ast.walk(tree):  # outer ones first
            if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.GeneratorExp)):
                name = getattr(node, "name", "shared")
                owners.update(dict.fromkeys(range(node.lineno, node.end_lineno + 1), name))
        return owners


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        for path in glob.glob(support.program("readers/*.py")):
            shutil.copy(path, cls.directory)
        command = [support.LINEPROF, "-qs", "0.001", "-o", "run.lineprof", "--", support.PYTHON]
        readers.output(*command, "main.py", cwd=cls.directory)
        for line in readers.output(support.LINEPROF, "formats").splitlines():
            form = line.split()[0]
            if form != "lineprof":
                render = [support.LINEPROF, "report", "run.lineprof", "--exclude-syspath", "-f", form]
                readers.output(*render, "-o", cls.path(form), cwd=cls.directory)
        cls.report = support.Report(cls.read("text"))
        cls.figures = Figures(cls.directory, cls.report)
        cls.profile = json.loads(cls.read("json"))

    @classmethod
    def path(cls, form):
        return os.path.join(cls.directory, "profile." + form)

    @classmethod
    def read(cls, form):
        with open(cls.path(form), encoding="utf-8") as file:
            return file.read()

    def expect(self, expected, found):
        """The same keys, and values to the text report's precision."""
        self.assertGreater(len(expected), 0)
        self.assertEqual(sorted(expected), sorted(found))
        for key, value in expected.items():
            self.assertAlmostEqual(found[key], value, delta=TOLERANCE * max(value, 1e-3), msg=key)

    def expect_functions(self, found):
        """`found`: own seconds by (file, name). Functions with lines of their own must agree."""
        for (name, function), seconds in self.figures.functions.items():
            if function != "shared" and (name, function) != ("main.py", "<module>"):
                delta = TOLERANCE * max(seconds, 1e-3) * 5  # a sum of rounded figures
                self.assertAlmostEqual(found[name, function], seconds, delta=delta, msg=function)

    def inclusive(self):
        """Inclusive seconds by (file, name), from the JSON's stacks: a sample counts once."""
        stacks = self.profile["stacks"]
        functions = self.profile["functions"]
        seconds = collections.Counter()
        for node in range(1, len(stacks["parent"])):
            own = (stacks["cpu_ns"][node] + stacks["wait_ns"][node]) / NS
            above, on_stack = node, set()
            while own > 0 and above != 0:
                on_stack.add(stacks["function"][above])
                above = stacks["parent"][above]
            for function in on_stack:
                seconds[function] += own
        files = self.profile["files"]
        return {
            (files[functions[i]["file"]]["name"], functions[i]["name"]): value
            for i, value in seconds.items()
            if files[functions[i]["file"]]["name"] in FILES
        }

    def test_the_program_shows_what_readers_must_read(self):
        functions = {name for _, name in self.inclusive()}
        self.assertLessEqual(
            {"<module>", "fib", "work", "wait", "fläche", "<lambda>", "even", "odd"}, functions
        )
        self.assertGreater(self.figures.functions["main.py", "wait"], 0.5)
        self.assertEqual(float(self.report.headers["Threads"]), 3)

    def test_json(self):
        lines = {
            (file["name"], line["line"]): (line["self"]["cpu_ns"] + line["self"]["wait_ns"]) / NS
            for file in self.profile["files"]
            for line in file["lines"]
            if file["name"] in FILES and line["self"]["hits"] > 0
        }
        self.expect(self.figures.lines, lines)
        files = self.profile["files"]
        functions = {
            (files[function["file"]]["name"], function["name"]): function
            for function in self.profile["functions"]
        }
        ns = lambda cost: (cost["cpu_ns"] + cost["wait_ns"]) / NS  # noqa: E731
        self.expect_functions({key: ns(value["self"]) for key, value in functions.items()})
        inclusive = {key: ns(functions[key]["inclusive"]) for key in self.inclusive()}
        self.expect(self.inclusive(), inclusive)

    def test_lines(self):
        lines = {}
        times = []
        for record in self.read("lines").splitlines():
            name, line, hits, seconds, _percent, _function, _source = record.split(":", 6)
            times.append(float(seconds))
            if name in FILES:
                lines[name, int(line)] = float(seconds)
                self.assertEqual(int(hits), self.figures.hits[name, int(line)])
        self.expect(self.figures.lines, lines)
        self.assertEqual(times, sorted(times, reverse=True))

    def test_csv(self):
        rows = csv.DictReader(io.StringIO(self.read("csv"), newline=""))
        lines = {
            (row["file"], int(row["line"])): float(row["time_s"])
            for row in rows
            if row["kind"] == "line" and int(row["hits"]) > 0 and row["file"] in FILES
        }
        self.expect(self.figures.lines, lines)

    def test_callgrind_annotate(self):
        command = ["--auto=yes", "--tree=both", "--threshold=100", "--context=1000"]
        callgrind_annotate = readers.need("callgrind_annotate")
        text = readers.output(
            callgrind_annotate,
            *[*command, "--show-percs=no", "--show=Ns", self.path("callgrind")],
            cwd=self.directory,
        )
        lines = {}
        for name in FILES:
            source = text.split("-- Auto-annotated source: %s\n" % name)[1]
            number = 0
            for row in re.findall(r"^ *([\d,]+|\.) ( =>)?", source.split("\nNs")[1], re.MULTILINE):
                if row[1]:
                    continue
                number += 1
                if row[0] != ".":
                    lines[name, number] = int(row[0].replace(",", "")) / NS
        self.expect(self.figures.lines, lines)
        functions = {
            (match[1], match[2]): int(match[0].replace(",", "")) / NS
            for match in re.findall(r"^ *([\d,]+) +\* +([^:\n]+):[^:\n]+:(\S+)", text, re.MULTILINE)
        }
        self.expect_functions(functions)
        self.assertRegex(text, r"=> größen.py:größen:fläche \(\d+x\)")

    def test_pstats(self):
        out = io.StringIO()
        stats = pstats.Stats(self.path("pstats"), stream=out)
        self.expect_functions({(key[0], key[2]): value[2] for key, value in stats.stats.items()})
        found = {(key[0], key[2]): value[3] for key, value in stats.stats.items()}
        self.expect(self.inclusive(), {key: found[key] for key in self.inclusive()})
        for _, calls, own, inclusive, callers in stats.stats.values():
            self.assertGreaterEqual(calls, 1)
            self.assertLessEqual(own, inclusive + 1e-9)
            for caller in callers.values():
                self.assertLessEqual(caller[3], inclusive + 1e-9)
        stats.sort_stats("cumulative").print_stats()
        stats.print_callers()
        stats.print_callees()
        text = out.getvalue()
        self.assertRegex(text, r"größen.py:6\(fläche\) +<- .*main.py:17\(work\)")
        self.assertRegex(text, r"main.py:17\(work\) +-> ")

    def test_snakeviz(self):
        readers.need_python_packages()
        from snakeviz.stats import json_stats

        nodes = json_stats(pstats.Stats(self.path("pstats")))
        self.assertIn("größen.py:6(fläche)", nodes)
        work = nodes["main.py:17(work)"]
        self.assertLessEqual({"main.py:11(fib)", "größen.py:6(fläche)"}, set(work["children"]))

    def test_gprof2dot_to_svg(self):
        readers.need_python_packages()
        dot = readers.need("dot")
        script = os.path.join(readers.PYTHON_PACKAGES, "gprof2dot.py")
        forms = {"pstats": "pstats", "callgrind": "callgrind", "collapsed": "collapse"}
        for form, name in forms.items():
            with self.subTest(form):
                graph = readers.output(
                    support.PYTHON, script, "-f", name, "-n0", "-e0", self.path(form)
                )
                svg = readers.output(dot, "-Tsvg", input=graph.encode())
                xml.dom.minidom.parseString(svg)
                for function in ("fläche", "fib", "even", "wait"):
                    self.assertIn(function, svg)

    def speedscope(self, form, name):
        """The profiles that speedscope's importer makes of a report that is called `name`."""
        readers.need_fetched("speedscope")
        node = readers.need("node")
        copy = os.path.join(self.directory, name)
        shutil.copy(self.path(form), copy)
        script = os.path.join(support.ROOT, "tests", "integration", "speedscope_import.js")
        return json.loads(readers.output(node, script, readers.SPEEDSCOPE, copy))

    def test_speedscope_schema(self):
        readers.need_python_packages()
        readers.need_fetched("speedscope")
        import jsonschema

        schema = os.path.join(readers.SPEEDSCOPE, "dist", "release", "file-format-schema.json")
        with open(schema, encoding="utf-8") as file:
            jsonschema.validate(json.loads(self.read("speedscope")), json.load(file))

    def test_speedscope_importer(self):
        lines, functions = self.speedscope("speedscope", "profile.speedscope.json")
        self.assertEqual((lines["name"], functions["name"]), ("Lines", "Functions"))
        by_line = collections.Counter()
        for frame in lines["frames"]:
            if frame["file"] in FILES and frame["self"] > 0:
                by_line[frame["file"], frame["line"]] += frame["self"] / NS
        self.expect(self.figures.lines, by_line)
        own = {(frame["file"], frame["name"]): frame for frame in functions["frames"]}
        self.expect_functions({key: frame["self"] / NS for key, frame in own.items()})
        found = {key: own[key]["total"] / NS for key in self.inclusive() if key in own}
        expected = {key: value for key, value in self.inclusive().items() if key in found}
        self.expect(expected, found)
        self.assertIn(("größen.py", "fläche"), found)

    def test_collapsed_through_speedscope(self):
        (profile,) = self.speedscope("collapsed", "profile.folded.txt")
        by_line = collections.Counter()
        for frame in profile["frames"]:
            match = re.fullmatch(r"(\S+) \((.*):(\d+)\)", frame["name"])
            if match[2] in FILES and frame["self"] > 0:
                by_line[match[2], int(match[3])] += frame["self"] / NS
        self.expect(self.figures.lines, by_line)

    def pprof(self, *arguments):
        go = readers.need("go")
        everything = ["-nodecount=100000", "-nodefraction=0", "-edgefraction=0", "-unit=ns"]
        command = [go, "tool", "pprof", *everything, *arguments, self.path("pprof")]
        return readers.output(*command, cwd=self.directory)

    def test_pprof_top(self):
        row = r"^ *([\d.]+)(?:ns)? +[\d.]+% +[\d.]+% +([\d.]+)(?:ns)? +[\d.]+%  (.*)$"
        own, inclusive = {}, {}
        modules = {name[: -len(".py")]: name for name in FILES}
        for match in re.findall(row, self.pprof("-top"), re.MULTILINE):
            module, _, function = match[2].partition(":")
            if module in modules:
                own[modules[module], function] = float(match[0]) / NS
                inclusive[modules[module], function] = float(match[1]) / NS
        self.expect_functions(own)
        self.expect(self.inclusive(), {key: inclusive[key] for key in self.inclusive()})

        by_line = collections.Counter()
        for match in re.findall(row, self.pprof("-top", "-lines"), re.MULTILINE):
            place = re.search(r" (\S+):(\d+)$", match[2])
            if place is not None and place[1] in FILES and float(match[0]) > 0:
                by_line[place[1], int(place[2])] += float(match[0]) / NS
        self.expect(self.figures.lines, by_line)

    def test_pprof_list(self):
        text = self.pprof("-list", "main:fib$|größen:fläche")
        found = {}
        for part in text.split("ROUTINE ")[1:]:
            name = re.search(r" in (\S+)\n", part)[1]
            name = os.path.basename(name)
            for own, line in re.findall(r"^ *(\d+)(?:ns)? +\S+ +(\d+):", part, re.MULTILINE):
                found[name, int(line)] = int(own) / NS
        self.assertIn(("main.py", 12), found)
        shared = {("größen.py", 9)}  # the lambda's call, but not its own line
        expected = {key: self.figures.lines[key] for key in found if key not in shared}
        self.expect(expected, {key: found[key] for key in expected})

    def test_pprof_shows_module_code(self):
        self.assertIn("main:<module>", self.pprof("-top"))
        self.assertIn("samples", self.pprof("-raw"))


if __name__ == "__main__":
    unittest.main()
