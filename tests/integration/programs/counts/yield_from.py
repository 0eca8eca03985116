"""Counts: yield from."""
def inner():  #= 2
    yield 1  #= 2
    yield 2  #= 2


def outer():  #= 2
    yield from inner()


for x in outer():  #= 3
    y = x  #= 2
