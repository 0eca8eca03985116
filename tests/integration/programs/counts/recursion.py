"""Counts: recursion."""
def fact(n):  #= 11
    if n == 0:  #= 10
        return 1  #= 1
    return n * fact(n - 1)  #= 9


fact(9)  #= 1
