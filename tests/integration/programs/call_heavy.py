"""Frames come and go as fast as they can: calls, constructors, generators, exceptions, callbacks."""
import functools
import json
import time


class Point:
    def __init__(self, x):
        self.x = x

    def __lt__(self, other):
        return self.x < other.x

    @property
    def double(self):
        return self.x * 2


def identity(x):
    return x


def numbers():
    for i in range(20):
        yield i


def delegated():
    yield from numbers()


def raises():
    raise ValueError


def calls():
    for i in range(20):
        identity(i)


def constructors():
    return [Point(i).double for i in range(20)]


def generators():
    return sum(delegated())


def callbacks():
    sorted([Point(3), Point(1), Point(2)])
    list(map(lambda x: identity(x), range(20)))
    return functools.reduce(lambda a, b: a + b, range(20))


def exceptions():
    for _ in range(5):
        try:
            raises()
        except ValueError:
            pass


began = time.thread_time()
while time.thread_time() < began + 0.8:
    for _ in range(100):
        calls()
        constructors()
        generators()
        callbacks()
        exceptions()
print(json.dumps(time.thread_time() - began))
