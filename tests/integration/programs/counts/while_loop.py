"""Counts: while loop."""
i = 0
while i < 7:  #= 8
    i += 1  #= 7
