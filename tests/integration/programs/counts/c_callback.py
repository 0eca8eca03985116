"""Counts: c callback."""
def key(n):  #= 9
    return -n  #= 8


ordered = sorted(range(8), key=key)  #= 1
mapped = list(map(lambda x: x + 1, range(5)))  #= 11
