"""Counts: fib."""
def fib(n):  #= 178
    return n if n < 2 else fib(n - 1) + fib(n - 2)  #= 177


fib(10)  #= 1
