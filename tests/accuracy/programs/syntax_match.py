"""B5: all work is in the guard of one case. Argument: SECONDS. Python 3.10 and later."""

from meter import Meter


def choose(subject):
    match subject:
        case {"kind": "other"}:
            return 0
        case [first, *rest] if first < sum(i * i for i in range(20000)):  #: hot
            return len(rest)
        case _:
            return -1


def main():
    meter = Meter()
    while meter.running():
        result = choose([1, 2, 3])
    meter.print()
    return result


main()
