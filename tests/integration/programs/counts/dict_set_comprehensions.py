"""Counts: dict set comprehensions."""
d = {i: str(i) for i in range(5)}
s = {i % 3 for i in range(9)}
n = [[j for j in range(i)] for i in range(4)]
after = 1  #= 1
