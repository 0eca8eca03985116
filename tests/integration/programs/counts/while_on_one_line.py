"""Counts: while on one line."""
n = 5
while n: n -= 1
after = 1  #= 1
