"""B1: the same work twice, once with a call. Arguments: SECONDS TENTHS_OF_ROUNDS_WITH_A_CALL."""

from meter import Meter

ROUNDS = 20000


def helper(x):
    return (x * 7 + 3) % 1009 - (x & 5)  #: call


def with_call(rounds):
    total = 0  #: call
    for i in range(rounds):  #: call
        total += helper(i)  #: call
    return total  #: call


def inline(rounds):
    total = 0  #: inline
    for i in range(rounds):  #: inline
        total += (i * 7 + 3) % 1009 - (i & 5)  #: inline
    return total  #: inline


def main():
    meter = Meter()
    tenths = int(meter.arguments[0])
    while meter.running():
        meter.restart()
        with_call(ROUNDS * tenths // 10)
        meter.lap("call")
        inline(ROUNDS * (10 - tenths) // 10)
        meter.lap("inline")
    meter.print()


main()
