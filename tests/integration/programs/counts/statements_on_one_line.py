"""Counts: statements on one line."""
n = 0
for i in range(5): n += i; n -= 1
m = 1; k = 2; j = 3  #= 1
