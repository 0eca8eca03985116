"""B5: all work is in a lambda's body. Argument: SECONDS."""

from meter import Meter


def main():
    meter = Meter()
    work = (
        lambda n:
        sum(i * i for i in range(n))  #: hot
    )
    while meter.running():
        result = work(20000)
    meter.print()
    return result


main()
