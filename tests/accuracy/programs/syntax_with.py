"""B5: all work is in the expression of a `with` line. Argument: SECONDS."""

from contextlib import closing
from io import StringIO

from meter import Meter


def main():
    meter = Meter()
    while meter.running():
        with closing(StringIO(str(sum(i * i for i in range(20000))))) as file:  #: hot
            result = file.read()
    meter.print()
    return result


main()
