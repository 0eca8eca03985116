"""Every format through the programs that its users read it with: all find the text report's figures.

One run of a program with threads, recursion, two files, a name beyond ASCII, module code and waiting is
recorded and rendered in every format: two runs are never alike. One that was sampled, and one that was
counted.
"""

import ast
import collections
import csv
import glob
import io
import json
import os
import pickle
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
        self.defs = {}  # of it, on the line of the def
        for name in FILES:
            owners = self.owners(os.path.join(directory, name))
            for row in report.rows(name):
                if row.line is None or row.hits == 0:
                    continue
                self.lines[name, row.line] = row.time
                self.hits[name, row.line] = row.hits
                # Lines that two functions share cannot be told apart in the text report.
                owner = name, owners.get(row.line, "<module>")
                self.functions[owner] += row.time
                self.defs.setdefault(owner, row.time)
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


class Recorded:
    """A run that is recorded with OPTIONS, and what every such run's reports must show."""

    OPTIONS = ()
    # What the mode has no report of.
    NOT_WRITTEN = ()
    # Owners of lines that the text report has not apart.
    NOT_APART = ("shared",)

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        for path in glob.glob(support.program("readers/*.py")):
            shutil.copy(path, cls.directory)
        command = [support.LINEPROF, "-q", *cls.OPTIONS, "-o", "run.lineprof", "--"]
        readers.output(*command, support.PYTHON, "main.py", cwd=cls.directory)
        for line in readers.output(support.LINEPROF, "formats").splitlines():
            form = line.split()[0]
            if form != "lineprof" and form not in cls.NOT_WRITTEN:
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
            delta = TOLERANCE * max(value, 1e-3) + self.slack(key)
            self.assertAlmostEqual(found[key], value, delta=delta, msg=key)

    def slack(self, _key):
        """What the text report may say of the wrong function."""
        return 0

    def expect_functions(self, found):
        """`found`: own seconds by (file, name). Functions with lines of their own must agree."""
        for (name, function), seconds in self.figures.functions.items():
            if function not in self.NOT_APART and (name, function) != ("main.py", "<module>"):
                # A sum of rounded figures.
                delta = TOLERANCE * max(seconds, 1e-3) * 5 + self.slack((name, function))
                self.assertAlmostEqual(found[name, function], seconds, delta=delta, msg=function)

    def graph(self, form, name):
        """What gprof2dot and graphviz make of a report, as SVG."""
        readers.need_python_packages()
        dot = readers.need("dot")
        script = os.path.join(readers.PYTHON_PACKAGES, "gprof2dot.py")
        command = [support.PYTHON, script, "-f", name, "-n0", "-e0", self.path(form)]
        svg = readers.output(dot, "-Tsvg", input=readers.output(*command).encode())
        xml.dom.minidom.parseString(svg)
        for function in ("fläche", "fib", "even", "wait"):
            self.assertIn(function, svg)

    def inclusive(self):
        """Inclusive seconds by (file, name), by means of their own."""
        raise NotImplementedError

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
        self.assertRegex(text, r"=> größen.py:größen:fläche \([\d,]+x\)")

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
        for form in ("pstats", "callgrind"):
            with self.subTest(form):
                self.graph(form, form)


class Sampled(Recorded, unittest.TestCase):
    OPTIONS = ("-s", "0.001")
    NOT_WRITTEN = ("lprof", "chrome", "firefox")

    def inclusive(self):
        """From the JSON's stacks: a sample counts once."""
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

    def test_gprof2dot_of_stacks_to_svg(self):
        self.graph("collapsed", "collapse")

    def test_flamegraph_pl(self):
        if not os.path.exists(readers.FLAMEGRAPH_PL):
            self.skipTest("there is no " + readers.FLAMEGRAPH_PL)
        command = [readers.FLAMEGRAPH_PL, "--countname=ns", "--minwidth=0", self.path("collapsed")]
        svg = readers.output(*command)
        xml.dom.minidom.parseString(svg)
        seconds = collections.Counter()
        for match in re.findall(r"<title>(\S+) \((.+):\d+\) \(([\d,]+) ns, ", svg):
            if match[0] == "wait":  # not recursive, and called from one place
                seconds[match[1], match[0]] += int(match[2].replace(",", "")) / NS
        key = "main.py", "wait"
        self.assertAlmostEqual(seconds[key], self.inclusive()[key], delta=1e-5)

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


class Counted(Recorded, unittest.TestCase):
    NOT_WRITTEN = ("collapsed", "speedscope", "flamegraph", "pprof", "chrome", "firefox")
    # A def is a line of the function's, and of the module's.
    NOT_APART = ("shared", "<module>")
    # They call each other: what one of them took cannot be told from calls.
    CYCLE = ("even", "odd")

    def slack(self, key):
        return self.figures.defs.get(key, 0)

    def inclusive(self):
        """From the text report: a function's lines and the calls that leave it; recursion once."""
        seconds = collections.Counter(self.figures.functions)
        for name in FILES:
            owners = Figures.owners(os.path.join(self.directory, name))
            caller = None
            for row in self.report.rows(name):
                caller = row.line if row.line is not None else caller
                owner = owners.get(caller, "<module>")
                if row.line is None and row.callee.rpartition(" ")[2] != owner:
                    seconds[name, owner] += row.time
        left_out = (*self.NOT_APART, *self.CYCLE)
        return {key: value for key, value in seconds.items() if key[1] not in left_out}

    def calls(self):
        """Calls by (file, name), and those that are no recursion, from the text report."""
        calls, primitive = collections.Counter(), collections.Counter()
        for name in FILES:
            owners = Figures.owners(os.path.join(self.directory, name))
            caller = None
            for row in self.report.rows(name):
                caller = row.line if row.line is not None else caller
                if row.line is not None:
                    continue
                place, _, callee = row.callee.rpartition(" ")
                key = (place.rpartition(":")[0], callee)
                calls[key] += row.hits
                owner = owners.get(caller)
                if owner != callee and not {owner, callee} <= set(self.CYCLE):
                    primitive[key] += row.hits
        return calls, primitive

    def test_the_program_shows_what_readers_must_read(self):
        calls, primitive = self.calls()
        self.assertGreater(calls["main.py", "fib"], 100 * primitive["main.py", "fib"])
        self.assertGreater(self.figures.functions["main.py", "wait"], 0.5)

    def test_pstats_counts_calls(self):
        stats = pstats.Stats(self.path("pstats")).stats
        found = {(key[0], key[2]): value for key, value in stats.items()}
        calls, primitive = self.calls()
        for name in (("main.py", "fib"), ("größen.py", "fläche"), ("größen.py", "odd")):
            self.assertEqual(found[name][:2], (primitive[name], calls[name]), name)

    def test_callgrind_counts_calls(self):
        command = [readers.need("callgrind_annotate"), "--auto=yes", "--threshold=100"]
        command += ["--tree=both", "--context=1000", self.path("callgrind")]
        text = readers.output(*command, cwd=self.directory)
        calls = self.calls()[0]
        count = format(calls["größen.py", "fläche"], ",")
        self.assertIn("=> größen.py:größen:fläche (%sx)" % count, text)

    def test_line_profiler(self):
        readers.need_fetched("line_profiler")
        command = [readers.need("python3"), "-m", "line_profiler", "-u", "1e-9", self.path("lprof")]
        environment = {**os.environ, "PYTHONPATH": readers.LINE_PROFILER}
        text = readers.output(*command, cwd=self.directory, env=environment)
        hits = {}
        for table in text.split("\nFile: ")[1:]:
            name = table.partition("\n")[0]
            function = re.search(r"^Function: (\S+)", table, re.MULTILINE)[1]
            if function in ("fib", "work", "wait", "fläche", "even", "odd"):
                rows = re.findall(r"^ +(\d+) +(\d+) +[\d.]+ ", table, re.MULTILINE)
                # The first is the def, which is the module's too.
                hits.update({(name, int(line)): int(count) for line, count in rows[1:]})
        self.assertEqual(len(hits), 17)
        self.assertEqual({key: self.figures.hits[key] for key in hits}, hits)

    def test_line_profiler_has_times_with_calls(self):
        profile = {
            (row["function"], row["line"]): sum(
                cost["cpu_ns"] for cost in [row["self"], *(c["inclusive"] for c in row["calls"])]
            )
            for row in self.profile["counts"]
        }
        functions = [function["name"] for function in self.profile["functions"]]
        timings = self.lprof()
        (key,) = [key for key in timings if key[2] == "fläche"]
        index = functions.index("fläche")
        self.assertEqual(
            [(line, time) for line, _hits, time in timings[key]],
            [(line, profile[index, line]) for line in range(6, 11)],
        )

    def lprof(self):
        """The timings in the file."""

        class LineStats:
            pass

        class Unpickler(pickle.Unpickler):
            def find_class(self, module, name):
                assert (module, name) == ("line_profiler._line_profiler", "LineStats")
                return LineStats

        with open(self.path("lprof"), "rb") as file:
            stats = Unpickler(file).load()
        assert stats.unit == 1e-9
        return stats.timings


if __name__ == "__main__":
    unittest.main()
