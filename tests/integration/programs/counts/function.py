"""Counts: function."""
def add(a, b):  #= 6
    return a + b  #= 5


for i in range(5):
    add(i, i)  #= 5
