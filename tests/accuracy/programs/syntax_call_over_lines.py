"""B5: all work is in a C call over several lines, which belongs to its first one. Argument: SECONDS."""

from meter import Meter


def main():
    meter = Meter()
    numbers = [i * 7919 % 20011 for i in range(20000)]
    while meter.running():
        result = sorted(  #: hot
            numbers,
            key=None,
            reverse=bool(0),
        )
    meter.print()
    return result


main()
