"""B5: all work is in a decorator's argument, on the decorator's line. Argument: SECONDS."""

from meter import Meter


def tagged(tag):
    def decorate(function):
        function.tag = tag
        return function

    return decorate


def main():
    meter = Meter()
    while meter.running():

        @tagged("a")
        @tagged(sum(i * i for i in range(20000)))  #: hot
        def function():
            return 1

    meter.print()
    return function


main()
