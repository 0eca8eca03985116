"""Counts: generator expression."""
total = 0
numbers = (
    i * i
    for i in range(8)
)
for n in numbers:  #= 9
    total += n  #= 8
