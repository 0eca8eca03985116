"""fib, two functions that call each other, and a method that recurses through C code."""
import time


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def nested(n):
    return n if n == 0 else max(map(nested, [n - 1]))


end = time.process_time() + 0.6
while time.process_time() < end:
    fib(15)
    even(300)
    nested(40)
