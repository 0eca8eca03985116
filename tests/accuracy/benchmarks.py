"""The benchmarks of the accuracy suite: what each runs, what is true of it, and what may be off.

A benchmark is a list of variants; a variant is a function from a Subject and a factor on the length of
the run to an Outcome.
"""

import collections
import contextlib
import os
import statistics
import subprocess
import sys

import shares
from subject import PERIOD, program_path

# errors, limits: part -> percentage points; own_errors: the same against what the program timed in
# the profiled run itself, empty if it did not; overlap: sum of min(p, q), in percent.
Outcome = collections.namedtuple("Outcome", "samples errors limits own_errors overlap measured truth")
# run: (subject, stretch) -> Outcome; needs: the first minor version of Python that has it.
Variant = collections.namedtuple("Variant", "name run needs")
Benchmark = collections.namedtuple("Benchmark", "id clock variants")

SYNTAX = (
    "async",
    "call_argument",
    "call_over_lines",
    "class_body",
    "comprehension",
    "decorator",
    "fstring",
    "generator",
    "lambda",
    "match",
    "with",
)
FIRST_MINOR = {"match": 10}
REPETITIONS = 10
SHARE_WORTH_JUDGING = 5
# A part that uses no CPU: it may not be given any.
IDLE_LIMIT = 0.5
STARTUP_SECONDS = 0.05


def _judge(profiled, program, clock, truth, limit):
    """Compares one profiled run's shares with the truth; `limit`: (part, share, samples) -> pp."""
    marked = shares.marks(program_path(program))
    rows = profiled.report.rows("/%s.py" % program)
    samples = sum(shares.sums(rows, marked, "hits").values())
    measured = shares.shares(shares.sums(rows, marked, "time"))
    own = _timed(profiled.truth, clock)
    return Outcome(
        samples,
        shares.errors(measured, truth),
        {part: limit(part, share, samples) for part, share in truth.items()},
        shares.errors(measured, own) if own else {},
        shares.overlap(measured, truth),
        measured,
        truth,
    )


def _timed(times, clock):
    return shares.shares({part: both[clock] for part, both in times.items()})


def _against_timers(subject, stretch, program, arguments, clock, limit):
    """The truth is what two bare runs, before and after, took for each part."""
    seconds = subject.seconds(stretch)
    before = subject.bare(program, arguments, seconds / 2)
    profiled = subject.profile(program, arguments, clock, seconds)
    after = subject.bare(program, arguments, seconds / 2)
    times = {
        part: {name: before[part][name] + after[part][name] for name in before[part]} for part in before
    }
    return _judge(profiled, program, clock, _timed(times, clock), limit)


def _against_equal(subject, stretch, program, arguments, clock, limit):
    """The truth is that all parts take the same time."""
    profiled = subject.profile(program, arguments, clock, subject.seconds(stretch))
    truth = shares.equal(set(shares.marks(program_path(program)).values()))
    return _judge(profiled, program, clock, truth, limit)


def _against_itself(subject, stretch, program, arguments, clock, limit):
    """The truth is what the profiled run itself took for each part.

    For programs whose shares the scheduler decides anew in each run, and that time themselves in so few
    places that it costs nothing.
    """
    profiled = subject.profile(program, arguments, clock, subject.seconds(stretch))
    return _judge(profiled, program, clock, _timed(profiled.truth, clock), limit)


def _within(points):
    return lambda part, share, samples: shares.widened(points, share, samples)


def _binomial_and_one(part, share, samples):
    return 3 * shares.binomial(share, samples) + 1


def _threads_limit(part, share, samples):
    return IDLE_LIMIT if share < 1 else shares.widened(3, share, samples)


def _one_line(subject, stretch, program):
    """All of the program's samples belong to the marked lines."""
    rows = subject.profile(program, [], "wall", subject.seconds(stretch)).report.rows("/%s.py" % program)
    samples = sum(row.hits for row in rows if row.line)
    hot = shares.sums(rows, shares.marks(program_path(program)), "hits")["hot"]
    share = 100 * hot / samples if samples else 0.0
    elsewhere = {str(row.line): row.hits for row in rows if row.line and row.hits}
    error = {"hot": 100 - share}
    return Outcome(samples, error, {"hot": 2.0}, {}, share, elsewhere, {"hot": 100.0})


def _recursion(subject, stretch, kind):
    """Own times add up to the run; no inclusive time passes it; the entry's is that of the file."""
    report = subject.profile("recursion", [kind], "wall", subject.seconds(stretch)).report
    rows = [row for file_rows in report.files.values() for row in file_rows]
    own = sum(row.percent for row in rows if row.line)
    largest = max(row.percent for row in rows if not row.line)
    file_rows = report.rows("/recursion.py")
    (entry_line,) = shares.marks(program_path("recursion"))
    position = [row.line for row in file_rows].index(entry_line)
    entry = sum(row.time for row in file_rows[position + 1 : position + 2] if not row.line)
    # The entry's calls are all the file does but its loop and the meter.
    whole = sum(row.time for row in file_rows if row.line)
    errors = {
        "own": abs(100 - own),
        "inclusive": max(0.0, largest - 100),
        "entry": 100 * abs(1 - entry / whole) if whole else 100.0,
    }
    samples = sum(row.hits for row in file_rows if row.line)
    limits = {"own": 1.0 + _startup(report), "inclusive": 0.01, "entry": 1.0}
    return Outcome(samples, errors, limits, {}, 100 - errors["own"], errors, {})


def _startup(report):
    """The percentage that the interpreter's start and end, which have no line, may take of the run."""
    return 100 * STARTUP_SECONDS / float(report.headers["Total duration"].rstrip("s"))


def _periodic(subject, stretch, period):
    clock = {"perf": "cpu", "monotonic": "wall", "attach": "wall"}[subject.timer]
    return _against_equal(subject, stretch, "periodic", [repr(period), clock], clock, _within(2))


@contextlib.contextmanager
def _every_core_busy():
    command = [sys.executable, "-c", "while True: pass"]
    burners = [subprocess.Popen(command) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for burner in burners:
            burner.kill()
            burner.wait()


def _contended(subject, stretch, clock):
    with _every_core_busy():
        return _against_timers(subject, stretch, "native", [], clock, _within(3))


def _repeated(subject, stretch):
    """The shares of ten runs scatter as chance makes them, or less."""
    outcomes = [
        _against_equal(subject, stretch, "equal_lines", ["for"], "wall", _within(0))
        for _ in range(REPETITIONS)
    ]
    samples = min(outcome.samples for outcome in outcomes)
    parts = list(outcomes[0].measured)
    means = {part: statistics.mean(o.measured[part] for o in outcomes) for part in parts}
    judged = [part for part in parts if means[part] >= SHARE_WORTH_JUDGING]
    deviations = {part: statistics.stdev(o.measured[part] for o in outcomes) for part in judged}
    limits = {part: 1.5 * shares.binomial(means[part], samples) for part in judged}
    overlap = min(shares.overlap(o.measured, means) for o in outcomes)
    return Outcome(samples, deviations, limits, {}, overlap, deviations, means)


def _variant(name, function, *arguments, needs=8):
    # All functions take the subject and the stretch first.
    return Variant(name, lambda subject, stretch: function(subject, stretch, *arguments), needs)


def _native(clock):
    return _variant("", _against_timers, "native", [], clock, _within(2))


BENCHMARKS = (
    Benchmark(
        "B1",
        "wall",
        [
            _variant("%d/10" % n, _against_timers, "function_bias", [str(n)], "wall", _binomial_and_one)
            for n in range(1, 10)
        ],
    ),
    Benchmark(
        "B2",
        "wall",
        [
            _variant(kind, _against_equal, "equal_lines", [kind], "wall", _within(1.5))
            for kind in ("while", "for", "nested")
        ],
    ),
    Benchmark("B3", "wall", [_native("wall")]),
    Benchmark("B3", "cpu", [_native("cpu")]),
    Benchmark("B4", "wall", [_variant("", _against_itself, "threads", [], "wall", _threads_limit)]),
    Benchmark("B4", "cpu", [_variant("", _against_itself, "threads", [], "cpu", _threads_limit)]),
    Benchmark(
        "B5",
        "wall",
        [_variant(n, _one_line, "syntax_" + n, needs=FIRST_MINOR.get(n, 8)) for n in SYNTAX],
    ),
    Benchmark("B7", "wall", [_variant(kind, _recursion, kind) for kind in ("fib", "mutual", "deep")]),
    Benchmark(
        "B9",
        "pace",
        # The period asked for, and the one that ticks really come at.
        [_variant("asked", _periodic, PERIOD), _variant("ticks", _periodic, PERIOD * 255 / 256)],
    ),
    Benchmark("B10", "wall", [_variant("", _contended, "wall")]),
    Benchmark("B10", "cpu", [_variant("", _contended, "cpu")]),
    Benchmark("B11", "wall", [_variant("ten runs", _repeated)]),
)
