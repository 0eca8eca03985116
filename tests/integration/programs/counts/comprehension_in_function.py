"""Counts: comprehension in function."""
def evens(n):  #= 4
    return [i for i in range(n) if i % 2 == 0]


for k in range(3):  #= 4
    evens(6)  #= 3
