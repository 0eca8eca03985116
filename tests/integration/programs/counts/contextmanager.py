"""Counts: contextmanager."""
from contextlib import contextmanager


@contextmanager
def scope():
    a = 1  #= 3
    yield a
    b = 2  #= 3


for i in range(3):
    with scope():
        c = 1  #= 3
