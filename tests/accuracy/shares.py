"""Shares of parts, their errors in percentage points, and how large those may be.

A part is the lines of a program that end in the comment `#: NAME`. Shares are of the parts' sum, so that
what stands between them does not matter. All are dicts: part -> number.
"""

import math
import re

MARK = re.compile(r"#: (\w+)$")
# What accuracy.md's limits are meant for.
FULL_SAMPLES = 5000


def marks(program):
    """Line number -> part, of the program at this path."""
    with open(program, encoding="utf-8") as file:
        found = ((number, MARK.search(line)) for number, line in enumerate(file.read().split("\n"), 1))
        return {number: match[1] for number, match in found if match}


def sums(rows, marked, column):
    """part -> the sum of a column of the report's rows; 0 where nothing was seen."""
    result = {part: 0 for part in marked.values()}
    for row in rows:
        if row.line in marked:
            result[marked[row.line]] += getattr(row, column)
    return result


def shares(amounts):
    """In percent of the sum."""
    total = sum(amounts.values())
    return {part: 100 * amount / total if total else 0.0 for part, amount in amounts.items()}


def equal(parts):
    return {part: 100 / len(parts) for part in parts}


def errors(measured, truth):
    return {part: abs(measured[part] - truth[part]) for part in truth}


def overlap(measured, truth):
    return sum(min(measured[part], truth[part]) for part in truth)


def binomial(share, samples):
    """Standard deviation of a share (in percent) seen in so many samples, in percentage points."""
    if samples == 0:
        return 100.0
    return 100 * math.sqrt(share / 100 * (1 - share / 100) / samples)


def widened(limit, share, samples):
    """A limit for FULL_SAMPLES, as wide for fewer samples by the same number of standard deviations: 3."""
    wider = binomial(share, samples) - binomial(share, FULL_SAMPLES)
    return limit + 3 * max(0.0, wider)
