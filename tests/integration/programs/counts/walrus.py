"""Counts: walrus."""
values = [3, 2, 1, 0]
while (v := values.pop(0)) > 0:  #= 4
    x = v  #= 3
