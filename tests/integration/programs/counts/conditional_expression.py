"""Counts: conditional expression."""
n = 0
for i in range(10):  #= 11
    n += 1 if i < 3 else 2  #= 10
