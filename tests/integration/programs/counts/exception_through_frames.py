"""Counts: exception through frames."""
def deep(n):  #= 6
    if n == 0:  #= 5
        raise KeyError(n)  #= 1
    deep(n - 1)  #= 4


try:
    deep(4)  #= 1
except KeyError:  #= 1
    after = 1  #= 1
