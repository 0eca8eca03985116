"""Counts: list comprehension."""
squares = [i * i for i in range(12)]
after = 1  #= 1
