"""B5: all work is in an f-string's field. Argument: SECONDS."""

from meter import Meter


def main():
    meter = Meter()
    name = "squares"
    while meter.running():
        text = f"{name!r}: {sum(i * i for i in range(20000)):>20}"  #: hot
    meter.print()
    return text


main()
