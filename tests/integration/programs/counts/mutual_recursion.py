"""Counts: mutual recursion."""
def even(n):  #= 6
    return True if n == 0 else odd(n - 1)  #= 5


def odd(n):  #= 5
    return False if n == 0 else even(n - 1)  #= 4


even(8)  #= 1
