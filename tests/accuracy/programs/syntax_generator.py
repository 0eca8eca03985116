"""B5: all work is on a generator's yield line. Argument: SECONDS."""

from meter import Meter


def squares(meter):
    while meter.running():
        yield sum(i * i for i in range(20000))  #: hot


def main():
    meter = Meter()
    total = 0
    for square in squares(meter):
        total += square
    meter.print()
    return total


main()
