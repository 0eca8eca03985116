"""Counts: straight."""
a = 1
b = 2  #= 1
c = a + b  #= 1
