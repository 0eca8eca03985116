"""Counts: generator."""
def count(n):  #= 2
    i = 0  #= 1
    while i < n:  #= 4
        yield i  #= 6
        i += 1  #= 3


for value in count(3):  #= 4
    last = value  #= 3
