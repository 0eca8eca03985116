"""B5: all work is on a line of a class body. Argument: SECONDS."""

from meter import Meter


def main():
    meter = Meter()
    while meter.running():

        class Table:
            size = 20000
            total = sum(i * i for i in range(20000))  #: hot

            def get(self):
                return self.total

    meter.print()
    return Table


main()
