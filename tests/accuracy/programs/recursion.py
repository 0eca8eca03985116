"""B7: recursion, in which no share may pass 100 %. Arguments: SECONDS fib|mutual|deep."""

import sys

from meter import Meter


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def even(n):
    if n == 0:
        return True
    return odd(n - 1)


def odd(n):
    if n == 0:
        return False
    return even(n - 1)


def deep(n):
    if n == 0:
        return sum(range(2000))
    return 1 + deep(n - 1)


def run(function, argument, meter):
    while meter.running():
        for _ in range(10):
            function(argument)  #: entry


def main():
    sys.setrecursionlimit(5000)
    meter = Meter()
    function, argument = {"fib": (fib, 18), "mutual": (even, 400), "deep": (deep, 1000)}[
        meter.arguments[0]
    ]
    run(function, argument, meter)
    meter.print()


main()
