"""Counts: closure."""
def outer(n):  #= 4
    def inner(x):  #= 7
        return x + n  #= 4
    return inner  #= 3


for i in range(3):
    g = outer(i)  #= 3
    g(i)  #= 3
g(0)  #= 1
