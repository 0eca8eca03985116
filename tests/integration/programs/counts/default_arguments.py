"""Counts: default arguments."""
def base():  #= 3
    return 1  #= 2


def f(a=base(), b=base()):
    return a + b  #= 3


f(), f(), f()  #= 1
