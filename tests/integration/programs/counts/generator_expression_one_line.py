"""Counts: generator expression one line."""
total = sum(i for i in range(8))
after = 1  #= 1
