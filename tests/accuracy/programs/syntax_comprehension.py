"""B5: all work is on the line of a list comprehension. Argument: SECONDS."""

from meter import Meter


def main():
    meter = Meter()
    numbers = range(40000)
    while meter.running():
        result = [i * i % 7 + (i & 3) for i in numbers if i % 3]  #: hot
    meter.print()
    return result


main()
