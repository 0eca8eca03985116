"""Counts: comprehension over lines."""
squares = [
    i * i
    for i in range(12)
    if i % 2
]
after = 1  #= 1
