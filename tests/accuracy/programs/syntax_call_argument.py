"""B5: all work is on one argument's line of a call over several lines. Argument: SECONDS."""

from meter import Meter


def main():
    meter = Meter()
    while meter.running():
        result = max(
            1,
            sum(i * i for i in range(20000)),  #: hot
            len("abc"),
        )
    meter.print()
    return result


main()
